// One processing element of the kind that the array is made of.
module processing_element #(
    parameter KIND = 0,         // 0 mac8, 1 sparq, 2 sysmt2, 3 sysmt4, 4 one_hot, 5 fpec, 6 tmac, 7 fixed point, 8 two mac8 in one
    parameter XW   = 8,
    parameter WW   = 8,
    parameter P0   = 0,         // the element's own parameters, in the order of its module
    parameter P1   = 0,
    parameter P2   = 0,
    parameter P3   = 0,
    parameter P4   = 0,
    parameter P5   = 0
) (
    input  wire               clk,
    input  wire               reset,
    input  wire               valid,
    input  wire               first,
    input  wire               begins,
    input  wire               advance,
    input  wire        [6:0]  w_slot,
    input  wire        [3:0]  x_term,
    input  wire        [3:0]  terms,
    input  wire        [XW-1:0] x,
    input  wire        [WW-1:0] w,
    output wire        [XW-1:0] x_out,
    output wire        [WW-1:0] w_out,
    output wire               full,     // takes no step in this cycle
    output wire               busy,     // still works on steps that it has taken
    output wire signed [39:0] sum
);
    generate
        if (KIND == 5) begin : kind
            // P2 holds EX, EW and S, four bits each; P3 the carry bits, P4 whether error codes reach ±2, P5 the places of the queue before one adder, 0 for two.
            wire signed [P0+P1+P3-1:0] products;
            wire signed [P1+P3:0]      errors_x;
            wire signed [P0+P3:0]      errors_w;
            if (P5 == 0) begin : adders
                fpec_pe #(.XN(P0), .WN(P1), .CARRY(P3), .DOUBLE(P4)) element (
                    .clk(clk), .valid(valid), .first(first), .x(x), .w(w), .x_out(x_out), .w_out(w_out), .products(products), .errors_x(errors_x), .errors_w(errors_w));
                assign full = 1'b0;
                assign busy = 1'b0;
            end else begin : adders
                fpec_queue_pe #(.XN(P0), .WN(P1), .CARRY(P3), .DOUBLE(P4), .DEPTH(P5)) element (
                    .clk(clk), .reset(reset), .valid(valid), .first(first), .advance(advance), .x(x), .w(w), .x_out(x_out), .w_out(w_out),
                    .full(full), .busy(busy), .products(products), .errors_x(errors_x), .errors_w(errors_w));
            end
            fpec_sum #(.XN(P0), .WN(P1), .CARRY(P3), .EX(P2 % 16), .EW(P2 / 16 % 16), .S(P2 / 256)) shift_add (
                .clk(clk), .products(products), .errors_x(errors_x), .errors_w(errors_w), .sum(sum));
        end else if (KIND == 7) begin : kind
            assign full = 1'b0;
            assign busy = 1'b0;
            fxp_pe #(.N(P0), .SUM(40)) pe (.clk(clk), .valid(valid), .first(first), .x(x), .w(w), .x_out(x_out), .w_out(w_out), .sum(sum));
        end else begin : kind
            wire signed [31:0] narrow;
            assign sum = {{8{narrow[31]}}, narrow};
            assign full = 1'b0;
            assign busy = 1'b0;
            if (KIND == 0) begin : element
                mac8_pe pe (.clk(clk), .valid(valid), .first(first), .x(x), .w(w), .x_out(x_out), .w_out(w_out), .sum(narrow));
            end else if (KIND == 1) begin : element
                sparq_pe #(.N(P0), .STEP(P1), .SHIFTS(P2)) pe (.clk(clk), .valid(valid), .first(first), .x(x), .w(w), .x_out(x_out), .w_out(w_out), .sum(narrow));
            end else if (KIND == 2) begin : element
                sysmt2_pe #(.WEIGHT(P0), .CHECK(P1), .IDLE(P2)) pe (.clk(clk), .valid(valid), .first(first), .x(x), .w(w), .x_out(x_out), .w_out(w_out), .sum(narrow));
            end else if (KIND == 3) begin : element
                sysmt4_pe #(.WEIGHT(P0), .CHECK(P1)) pe (.clk(clk), .valid(valid), .first(first), .x(x), .w(w), .x_out(x_out), .w_out(w_out), .sum(narrow));
            end else if (KIND == 4) begin : element
                one_hot_pe pe (.clk(clk), .valid(valid), .first(first), .x(x), .w(w), .x_out(x_out), .w_out(w_out), .sum(narrow));
            end else if (KIND == 8) begin : element
                mac8_pair_pe pe (.clk(clk), .valid(valid), .first(first), .x(x), .w(w), .x_out(x_out), .w_out(w_out), .sum(narrow));
            end else begin : element
                tmac_pe #(.W_SLOTS(P0), .X_SLOTS(P1), .INDEX(P2)) pe (
                    .clk(clk), .valid(valid), .first(first), .begins(begins), .advance(advance), .w_slot(w_slot), .x_term(x_term), .terms(terms),
                    .x(x), .w(w), .x_out(x_out), .w_out(w_out), .sum(narrow));
            end
        end
    endgenerate
endmodule
