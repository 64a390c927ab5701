"""The commands, a module each; what each has is `command`. They are loaded when they are called."""
