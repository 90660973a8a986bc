"""Makes the tables and fills them, always with the same rows."""

import os
from datetime import date, timedelta
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup()

from billing.models import Customer, Invoice, Line, Plan  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

FIRST = ["Alder", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Larch", "Maple", "Oak", "Rowan"]
SECOND = ["Bakery", "Books", "Cycles", "Dental", "R&D", "Studio"]
STATUSES = [Invoice.Status.PAID, Invoice.Status.OPEN, Invoice.Status.DRAFT]

call_command("migrate", run_syncdb=True, verbosity=0)

with transaction.atomic():
    dana = User(
        username="dana@acme.test",
        email="dana@acme.test",
        first_name="Dana",
        is_staff=True,
        is_superuser=True,
    )
    dana.set_unusable_password()
    dana.save()

    plans = [
        Plan.objects.create(name=name, monthly_price=Decimal(price))
        for name, price in [("Starter", "9.00"), ("Team", "49.00"), ("Company", "199.00")]
    ]
    names = [f"{first} {second}" for first in FIRST for second in SECOND]
    for n, name in enumerate(names):
        Customer.objects.create(
            name=name,
            email=f"office@{name.lower().replace(' ', '-').replace('&', '-and-')}.test",
            plan=plans[n % 3],
            since=date(2024, 1, 1) + timedelta(days=7 * n),
            active=n % 5 != 0,
            notes=f"Customer number {n + 1}.",
        )
    for n in range(120):
        invoice = Invoice.objects.create(
            number=f"INV-{n + 1:04}",
            customer_id=n % len(names) + 1,
            issued=date(2025, 1, 1) + timedelta(days=3 * n),
            status=STATUSES[n % 3],
            total=Decimal(100 + n),
        )
        Line.objects.create(invoice=invoice, text="Subscription", amount=Decimal(90 + n))
        Line.objects.create(invoice=invoice, text="Support", amount=Decimal(10))
