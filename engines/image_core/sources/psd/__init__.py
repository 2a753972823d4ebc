"""What layers draw of Photoshop files: their pixels, masks, patterns and tables."""
