"""What a person does about what came: sees what waits, settles it, corrects it."""
