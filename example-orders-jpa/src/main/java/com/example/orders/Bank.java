package com.example.orders;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** The bank, over HTTP. */
@Component
class Bank {
    private final RestClient http;

    Bank(RestClient.Builder builder, @Value("${orders.bank}") String url) {
        this.http = builder.baseUrl(url).build();
    }

    /** The receipt. The bank charges once for a key, however often it is asked. */
    String charge(String key, long cents) {
        return String.valueOf(http.post()
                .uri("/charges/{cents}", cents)
                .header("Idempotency-Key", key)
                .retrieve()
                .body(String.class));
    }
}
