WHO_MAY = {
    "notices.read_letter": {
        "lena": ["to Lena"],
        "lena hugo": ["to Lena by Hugo"],
        "mara": ["outside by Mara"],
        "hana": ["to Lou, who left, by Hana"],
    },
}
