"""Addresses of places."""

from django.urls import path

from places import views

app_name = "places"
urlpatterns = [
    path("lieux/communes.json", views.communes, name="communes"),
    path("lieux/adresses.json", views.addresses, name="addresses"),
]
