"""The pages: thin, server-rendered, without JavaScript. Each module parses, makes one call and answers."""
