"""What makes the jobs run: a timer in this process (embedded). Nothing else imports a scheduler."""
