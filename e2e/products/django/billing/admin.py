from django.contrib import admin

from .models import Customer, Invoice, Line, Plan


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):
    list_display = ["name", "monthly_price"]


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ["name", "email", "plan", "since", "active"]
    list_filter = ["plan", "active"]
    search_fields = ["name", "email"]
    list_per_page = 20


class LineInline(admin.TabularInline):
    model = Line
    extra = 1


@admin.register(Invoice)
class InvoiceAdmin(admin.ModelAdmin):
    list_display = ["number", "customer", "issued", "status", "total"]
    list_filter = ["status", "issued"]
    search_fields = ["number", "customer__name"]
    date_hierarchy = "issued"
    autocomplete_fields = ["customer"]
    inlines = [LineInline]
    list_per_page = 25
