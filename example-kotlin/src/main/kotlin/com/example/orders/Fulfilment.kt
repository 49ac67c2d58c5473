package com.example.orders

import io.cloacina.api.annotation.ForEach
import io.cloacina.api.annotation.From
import io.cloacina.api.annotation.Input
import io.cloacina.api.annotation.Retry
import io.cloacina.api.annotation.Task
import io.cloacina.api.annotation.Workflow
import com.fasterxml.jackson.module.kotlin.kotlinModule
import io.cloacina.engine.Engine
import io.cloacina.engine.EngineBuilder

/** A value that is stored: Jackson's module for Kotlin reads and writes it. */
data class Item(val sku: String, val cents: Int)

data class Order(val number: Int, val items: List<Item>, val gift: Boolean = false)

@Workflow(name = "fulfilment")
class Fulfilment {
    @Task
    fun pick(@Input order: Order): List<Item> = order.items

    /** Runs once for each item, in parallel. */
    @Task(retry = Retry(maxAttempts = 3, delay = "1s"))
    fun pack(@ForEach("pick") item: Item): String = "box with ${item.sku}"

    @Task
    fun ship(@Input order: Order, @From("pack") boxes: List<String>): String =
        "order ${order.number}${if (order.gift) " with a ribbon" else ""}: ${boxes.joinToString()}"
}

/** The settings of an engine that knows the workflow and the values of Kotlin. */
fun engine(url: String): EngineBuilder =
    Engine.builder(url).json { it.addModule(kotlinModule()) }.workflow(Fulfilment())

/** Runs one order on an SQLite file and prints what became of it. */
fun main(arguments: Array<String>) {
    val order = Order(4711, listOf(Item("lamp", 4_900), Item("cable", 900)))
    engine(arguments.firstOrNull() ?: "sqlite:orders.db").start().use { engine ->
        val execution = engine.submit("fulfilment", mapOf("order" to order))
        println(engine.await(execution).status().label())
        println(engine.context(execution).get("ship", String::class.java))
    }
}
