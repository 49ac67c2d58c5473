package com.example.orders;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Stands in for the bank while there is none: it charges up to 1,000.00. */
@RestController
class PretendedBank {
    private static final long MOST = 100_000;

    @PostMapping("/bank/charges/{cents}")
    String charge(@PathVariable("cents") long cents, @RequestHeader("Idempotency-Key") String key) {
        if (cents > MOST) {
            throw new ResponseStatusException(HttpStatus.PAYMENT_REQUIRED, "the card is not good for so much");
        }
        return "receipt-of-" + key;
    }
}
