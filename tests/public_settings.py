"""Settings of an installation on the Internet, which a service accepts."""

PUBLIC = {
    "INTAKE_URL": "https://ideas.example.edu",
    "REVIEW_URL": "https://office.example.edu",
    "TRUSTED_HOSTS": "ideas.example.edu,office.example.edu,127.0.0.1",
    "SECRET_KEY": "k" * 43,
    "API_TOKEN": "t" * 43,
    "MAIL_FROM": "ideas@example.edu",
    "SMTP_URL": "smtp://user:password@smtp.example.edu:587",
}
