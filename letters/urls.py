"""Addresses of what supporters do. Those of a letter or signature hold a token, which logs never show (config.logs)."""

from django.urls import path

from letters.keeping import views as own_data
from letters.printing import views as printing
from letters.subscribing import views as subscribing
from letters.writing import views

app_name = "letters"
urlpatterns = [
    path("campaigns/<slug:slug>/write/", views.write, name="write"),
    path("campaigns/<slug:slug>/write/preview/", views.preview, name="preview"),
    path("campaigns/<slug:slug>/write/fax/<slug:office>/", views.fax_preview, name="fax_preview"),
    path("campaigns/<slug:slug>/print/", views.print_letter, name="print"),
    path("campaigns/<slug:slug>/own-mailbox/", views.own_mailbox, name="own_mailbox"),
    path("campaigns/<slug:slug>/web-form/", views.own_mailbox, {"on_website": True}, name="web_form"),
    path("campaigns/<slug:slug>/call/", views.way, {"way": "call"}, name="call"),
    path("campaigns/<slug:slug>/social/", views.way, {"way": "social"}, name="social"),
    path("campaigns/<slug:slug>/visit/", views.way, {"way": "visit"}, name="visit"),
    path("campaigns/<slug:slug>/by-hand/", views.way, {"way": "by_hand"}, name="by_hand"),
    path("campaigns/<slug:slug>/report/", views.report_action, name="report"),
    path("campaigns/<slug:slug>/sign/", views.sign, name="sign"),
    path("campaigns/<slug:slug>/signatories/", views.signatories, name="signatories"),
    path("campaigns/<slug:slug>/leaflet.pdf", printing.leaflet, name="leaflet"),
    path("campaigns/<slug:slug>/bulletin/", printing.bulletin, name="bulletin"),
    path("campaigns/<slug:slug>/bulletin.pdf", printing.bulletin_as_pdf, name="bulletin_pdf"),
    path("campaigns/<slug:slug>/bulletin.txt", printing.bulletin_as_text, name="bulletin_text"),
    path("campaigns/<slug:slug>/open-letter.pdf", printing.open_letter, name="open_letter"),
    path("campaigns/<slug:slug>/resolution/", printing.resolution, name="resolution"),
    path("prisoners/<slug:slug>/card/", printing.card, name="card"),
    path("letters/<str:token>/", views.status, name="status"),
    path("letters/<str:token>/again/", views.again, name="again"),
    path("letters/<str:token>/asked/", views.asked, name="asked"),
    path("letters/<str:token>/confirm/", views.confirm, name="confirm"),
    path("letters/<str:token>/erase/", views.erase, name="erase"),
    path("letters/<str:token>/receipts/<int:delivery>.pdf", views.receipt, name="receipt"),
    path("campaigns/<slug:slug>/events/add/", views.propose_event, name="propose_event"),
    path("events/<int:pk>/report/", views.report_event, name="report_event"),
    path("updates/subscribe/", subscribing.subscribe, name="subscribe"),
    path("subscriptions/<str:token>/", subscribing.subscription, name="subscription"),
    path("subscriptions/<str:token>/asked/", subscribing.subscription_asked, name="subscription_asked"),
    path("subscriptions/<str:token>/confirm/", subscribing.subscription_confirm, name="subscription_confirm"),
    path("subscriptions/<str:token>/unsubscribe/", subscribing.unsubscribe, name="unsubscribe"),
    path("my-data/", own_data.ask, name="my_data"),
    path("my-data/<str:token>/", own_data.hold, name="my_data_link"),
    path("signatures/<str:token>/", views.signature, name="signature"),
    path("signatures/<str:token>/asked/", views.signature_asked, name="signature_asked"),
    path("signatures/<str:token>/confirm/", views.signature_confirm, name="signature_confirm"),
    path("signatures/<str:token>/erase/", views.signature_erase, name="signature_erase"),
]
