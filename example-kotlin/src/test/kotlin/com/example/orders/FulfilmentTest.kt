package com.example.orders

import io.cloacina.api.ExecutionStatus
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class FulfilmentTest {
    @TempDir lateinit var folder: Path

    @Test
    fun an_order_is_packed_item_by_item_and_shipped() {
        engine("sqlite:${folder.resolve("orders.db")}").start().use { engine ->
            val order = Order(7, listOf(Item("lamp", 4_900), Item("cable", 900)))

            val execution = engine.submit("fulfilment", mapOf("order" to order))

            assertThat(engine.await(execution).status()).isEqualTo(ExecutionStatus.COMPLETED)
            assertThat(engine.context(execution).get("ship", String::class.java))
                .isEqualTo("order 7: box with lamp, box with cable")
            assertThat(engine.context(execution).get("order", Order::class.java)).isEqualTo(order)
        }
    }

    @Test
    fun what_an_input_leaves_out_has_its_default() {
        engine("sqlite:${folder.resolve("orders.db")}").start().use { engine ->
            val items = listOf(mapOf("sku" to "lamp", "cents" to 4_900))

            val execution = engine.submit("fulfilment", mapOf("order" to mapOf("number" to 8, "items" to items)))

            assertThat(engine.await(execution).status()).isEqualTo(ExecutionStatus.COMPLETED)
            assertThat(engine.context(execution).get("ship", String::class.java)).isEqualTo("order 8: box with lamp")
        }
    }
}
