// Squeezes an unsigned 8-bit activation and a signed 8-bit weight to four bits, rounded half to even and saturated, unless they fit anyway.
module sysmt_squeeze #(
    parameter CHECK = 1                 // 0: data width is ignored
) (
    input  wire        [7:0] x,
    input  wire signed [7:0] w,
    output wire        [3:0] x_bits,
    output wire              x_high,    // the bits are the upper nibble
    output wire signed [3:0] w_bits,
    output wire              w_high
);
    wire x_up = x[3] & (|x[2:0] | x[4]);
    wire w_up = w[3] & (|w[2:0] | w[4]);

    assign x_high = CHECK == 0 || x[7:4] != 4'd0;
    assign w_high = CHECK == 0 || w[7:3] != {5{w[7]}};
    assign x_bits = !x_high ? x[3:0] : x[7:4] == 4'd15 ? 4'd15 : x[7:4] + {3'd0, x_up};
    assign w_bits = !w_high ? w[3:0] : w[7:4] == 4'd7 ? 4'd7 : w[7:4] + {3'd0, w_up};
endmodule
