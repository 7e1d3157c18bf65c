// SySMT's processing element with four threads: four multipliers of 5 by 5 bits serve one thread whole, two threads with one operand squeezed,
// or three and four with both squeezed. Policies S and S+A squeeze the activation of two (CHECK 0 and 1), S+W the weight (WEIGHT 1).
module sysmt4_pe #(
    parameter WEIGHT = 0,
    parameter CHECK  = 1
) (
    input  wire               clk,
    input  wire               valid,
    input  wire               first,
    input  wire        [31:0] x,        // {thread 3, …, thread 0}
    input  wire        [31:0] w,
    output reg         [31:0] x_out,
    output reg         [31:0] w_out,
    output reg  signed [31:0] sum
);
    wire [3:0]  active;
    wire [15:0] x_bits, w_bits;         // both operands squeezed, for three and four
    wire [3:0]  x_high, w_high;
    wire [19:0] narrow;                 // one operand squeezed, for two
    wire [35:0] wide;
    wire [3:0]  high;

    genvar t;
    generate
        for (t = 0; t < 4; t = t + 1) begin : threads
            assign active[t] = x[8*t+7:8*t] != 0 && w[8*t+7:8*t] != 0;
            sysmt_squeeze squeeze (.x(x[8*t+7:8*t]), .w(w[8*t+7:8*t]), .x_bits(x_bits[4*t+3:4*t]), .x_high(x_high[t]), .w_bits(w_bits[4*t+3:4*t]), .w_high(w_high[t]));
            sysmt_operands #(.WEIGHT(WEIGHT), .CHECK(CHECK), .WIDE(9)) operands (.x(x[8*t+7:8*t]), .w(w[8*t+7:8*t]), .narrow(narrow[5*t+4:5*t]), .wide(wide[9*t+8:9*t]), .high(high[t]));
        end
    endgenerate

    wire [2:0] count = {2'd0, active[0]} + {2'd0, active[1]} + {2'd0, active[2]} + {2'd0, active[3]};
    wire [1:0] lowest = active[0] ? 2'd0 : active[1] ? 2'd1 : active[2] ? 2'd2 : 2'd3;
    wire [1:0] highest = active[3] ? 2'd3 : active[2] ? 2'd2 : active[1] ? 2'd1 : 2'd0;

    // The wide operand in two halves: the upper five bits are signed, the lower four are not.
    wire [8:0] alone_x = {1'b0, x[8*lowest +: 8]};
    wire [8:0] alone_w = {w[8*lowest + 7], w[8*lowest +: 8]};
    wire [8:0] wide_l = wide[9*lowest +: 9];
    wire [8:0] wide_h = wide[9*highest +: 9];

    wire [4:0] narrow_l = narrow[5*lowest +: 5];
    wire [4:0] narrow_h = narrow[5*highest +: 5];
    wire       one = count == 3'd1;
    wire       two = count == 3'd2;

    // Four multipliers: the quarters of one product, the halves of two, or one of each thread.
    wire [71:0] parts;
    generate
        for (t = 0; t < 4; t = t + 1) begin : multipliers
            wire signed [4:0] a = one ? (t < 2 ? alone_x[8:4] : {1'b0, alone_x[3:0]}) : two ? (t < 2 ? narrow_l : narrow_h) : {1'b0, x_bits[4*t+3:4*t]};
            wire signed [4:0] b = one ? (t % 2 == 0 ? alone_w[8:4] : {1'b0, alone_w[3:0]})
                : two ? (t == 0 ? wide_l[8:4] : t == 1 ? {1'b0, wide_l[3:0]} : t == 2 ? wide_h[8:4] : {1'b0, wide_h[3:0]})
                : {w_bits[4*t+3], w_bits[4*t+3:4*t]};
            wire shift_a = one ? t < 2 : two ? (t < 2 ? high[lowest] : high[highest]) : x_high[t];
            wire shift_b = one || two ? t % 2 == 0 : w_high[t];
            wire signed [9:0]  product = a * b;
            wire signed [13:0] shifted = shift_a ? {product, 4'd0} : {{4{product[9]}}, product};
            assign parts[18*t +: 18] = shift_b ? {shifted, 4'd0} : {{4{shifted[13]}}, shifted};
        end
    endgenerate

    wire signed [18:0] sum01 = $signed(parts[17:0]) + $signed(parts[35:18]);
    wire signed [18:0] sum23 = $signed(parts[53:36]) + $signed(parts[71:54]);
    wire signed [19:0] added = sum01 + sum23;

    always @(posedge clk) begin
        x_out <= x;
        w_out <= w;
        if (valid) sum <= (first ? 32'sd0 : sum) + {{12{added[19]}}, added};
    end
endmodule
