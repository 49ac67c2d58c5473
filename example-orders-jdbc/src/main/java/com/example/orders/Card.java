package com.example.orders;

import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The company that charges cards; it does not answer while a file is there. */
@Component
class Card {
    private final Path away;

    Card(@Value("${orders.away:away}") Path away) {
        this.away = away;
    }

    String charge(int number) throws InterruptedException {
        while (Files.exists(away)) {
            Thread.sleep(10);
        }
        return "receipt-" + number;
    }
}
