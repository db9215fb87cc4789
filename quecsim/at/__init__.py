"""What an AT command is: grammar, results, declarations, effects. Knows no device."""
