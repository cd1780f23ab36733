"""What every page is built from: base templates, components, icons, styles."""
