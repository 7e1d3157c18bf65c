// Term-MAC processing element of an array: a group of weights as terms in slots {valid, negative, exponent, index}, its data values as terms in
// slots {valid, negative, exponent}, TERMS of each value side by side. A step of the dot product takes a beat: budget times terms cycles, counted
// once for the whole array. With groups of one value, binary terms and a budget of the word's width the same element multiplies conventionally.
module tmac_pe #(
    parameter W_SLOTS = 16,
    parameter X_SLOTS = 24,
    parameter INDEX   = 3
) (
    input  wire                         clk,
    input  wire                         valid,
    input  wire                         first,      // the beat is the first of a dot product
    input  wire                         begins,     // first cycle of a beat
    input  wire                         advance,    // last cycle of a beat
    input  wire [6:0]                   w_slot,
    input  wire [3:0]                   x_term,
    input  wire [3:0]                   terms,      // DATA_TERMS
    input  wire [6*X_SLOTS-1:0]         x,
    input  wire [(6+INDEX)*W_SLOTS-1:0] w,
    output reg  [6*X_SLOTS-1:0]         x_out,
    output reg  [(6+INDEX)*W_SLOTS-1:0] w_out,
    output wire signed [31:0]           sum
);
    localparam W = 6 + INDEX;

    wire [W-1:0] w_term = w[W*w_slot +: W];
    wire [8:0]   place  = w_term[INDEX-1:0] * terms + {5'd0, x_term};
    wire [5:0]   x_found = x[6*place +: 6];

    tmac core (
        .clk(clk),
        .valid(valid && w_term[W-1] && x_found[5]),
        .first(valid && first && begins),
        .w_negative(w_term[W-2]),
        .w_exponent(w_term[INDEX+3:INDEX]),
        .x_negative(x_found[4]),
        .x_exponent(x_found[3:0]),
        .sum(sum));

    always @(posedge clk)
        if (advance) begin
            x_out <= x;
            w_out <= w;
        end
endmodule
