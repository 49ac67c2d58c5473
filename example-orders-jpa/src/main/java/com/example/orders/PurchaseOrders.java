package com.example.orders;

import org.springframework.data.jpa.repository.JpaRepository;

/** The rows of all orders. */
interface PurchaseOrders extends JpaRepository<PurchaseOrder, Long> {}
