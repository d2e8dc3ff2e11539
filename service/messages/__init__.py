"""What is said, in words: findings, advice and states become messages in the runner's language and units."""
