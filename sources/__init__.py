"""Where articles come from: every module here ends in `Article` or `Rejected`."""
