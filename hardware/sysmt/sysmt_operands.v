// What a thread hands to its multiplier in a collision of two: an operand of four bits on the narrow port, the other whole on the wide port.
module sysmt_operands #(
    parameter WEIGHT = 0,
    parameter CHECK  = 1,
    parameter WIDE   = 8
) (
    input  wire        [7:0]      x,
    input  wire        [7:0]      w,
    output wire signed [4:0]      narrow,
    output wire signed [WIDE-1:0] wide,
    output wire                   high
);
    wire [3:0]        x_bits;
    wire signed [3:0] w_bits;
    wire              x_high, w_high;

    sysmt_squeeze #(.CHECK(CHECK)) squeeze (.x(x), .w(w), .x_bits(x_bits), .x_high(x_high), .w_bits(w_bits), .w_high(w_high));

    // The other operand goes to the narrow port where it is narrow and the one to be squeezed is not.
    wire swap = CHECK == 2 && (WEIGHT != 0 ? !x_high : x_high && !w_high);
    wire takes_weight = (WEIGHT != 0) != swap;
    wire signed [8:0] whole_x = {1'b0, x};
    wire signed [8:0] whole_w = {w[7], w};
    wire signed [8:0] whole = takes_weight ? whole_x : whole_w;

    assign narrow = takes_weight ? {w_bits[3], w_bits} : {1'b0, x_bits};
    assign high = takes_weight ? w_high : x_high;
    assign wide = whole[WIDE-1:0];
endmodule
