// Self-checking testbench of term revealing: a group of weights goes in, its kept terms come out in order. A group's word holds the values; the
// terms of the budget are hashed, {kept, negative, exponent, index} of each.
`include "parameters.vh"
`timescale 1ns / 1ns
module testbench;
`include "memories.vh"

    reg clk = 1'b0;
    always #1 clk = !clk;

    reg        start;
    integer    position;
    reg [39:0] terms;
    wire       kept, kept_negative, done;
    wire [3:0] kept_exponent;
    wire [`P2-1:0] kept_index;
    wire [39:0] entry = {30'd0, kept_negative, kept_exponent, 5'd0} | {{(40-`P2){1'b0}}, kept_index};

    term_revealer #(.GROUP(`P1), .BITS(`P0), .INDEX(`P2)) revealer (
        .clk(clk), .start(start), .hese(`CONTROL & 1'b1), .comparator((`CONTROL >> 1) & 1'b1), .budget((`CONTROL >> 11) & 7'h7f), .values(xs[position]),
        .kept(kept), .kept_index(kept_index), .kept_negative(kept_negative), .kept_exponent(kept_exponent), .done(done));

    initial begin
        read_vectors;
        errors = 0;
        cycles = 0;
        position = 0;
        start = 1'b1;
    end

    always @(posedge clk) begin
        if (start) begin
            start <= 1'b0;
            terms <= 40'd1;
        end else if (!done) begin
            cycles = cycles + 1;
            if (kept) terms <= terms * 40'd1099511 + entry + 40'd1;
        end else begin
            check(position, terms);
            start <= 1'b1;
            if (position == `Y_WORDS - 1) report;
            position <= position + 1;
        end
    end
endmodule
