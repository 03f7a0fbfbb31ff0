"""Addresses of what supporters do. Those of a letter hold a token, which logs never show (config.logs)."""

from django.urls import path

from letters.writing import views

app_name = "letters"
urlpatterns = [
    path("campaigns/<slug:slug>/write/", views.write, name="write"),
    path("campaigns/<slug:slug>/print/", views.print_letter, name="print"),
    path("campaigns/<slug:slug>/own-mailbox/", views.own_mailbox, name="own_mailbox"),
    path("campaigns/<slug:slug>/report/", views.report_action, name="report"),
    path("letters/<str:token>/", views.status, name="status"),
    path("letters/<str:token>/asked/", views.asked, name="asked"),
    path("letters/<str:token>/confirm/", views.confirm, name="confirm"),
    path("letters/<str:token>/erase/", views.erase, name="erase"),
]
