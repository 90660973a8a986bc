from django.db import models
from django.urls import reverse


class Plan(models.Model):
    name = models.CharField(max_length=40, unique=True)
    monthly_price = models.DecimalField(max_digits=8, decimal_places=2)

    def __str__(self):
        return self.name


class Customer(models.Model):
    name = models.CharField(max_length=80)
    email = models.EmailField(unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT)
    since = models.DateField()
    active = models.BooleanField(default=True)
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Invoice(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        PAID = "paid", "Paid"

    number = models.CharField(max_length=20, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    issued = models.DateField()
    status = models.CharField(max_length=10, choices=Status)
    total = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        # The admin's "View on site" goes there by a redirect with the product's own absolute address.
        return reverse("admin:billing_customer_change", args=[self.customer_id])


class Line(models.Model):
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE)
    text = models.CharField(max_length=80)
    amount = models.DecimalField(max_digits=10, decimal_places=2)

    def __str__(self):
        return self.text
