// SPARQ's trimming unit at the edge of the array, one a row: turns a pair of activations into two operands of N bits with their shifts.
// A shift is named by its index: the shift is index * STEP. Where one activation is zero the other takes the budget of both (select 1: the
// first survives, 2: the second).
module sparq_trim #(
    parameter N     = 4,        // bits of a window
    parameter STEP  = 1,        // distance of permitted shifts: 1, 2 or 4
    parameter ROUND = 1,        // round to nearest even inside the window, or cut off
    parameter PAIRS = 1         // 0: every value is trimmed (bSPARQ alone)
) (
    input  wire [7:0]   first,
    input  wire [7:0]   second,
    output reg  [N-1:0] operand_a,
    output reg  [2:0]   shift_a,
    output reg  [N-1:0] operand_b,
    output reg  [2:0]   shift_b,
    output reg  [1:0]   select
);
    // {shift, bits}: the smallest permitted shift whose window holds the leading one.
    function [10:0] window;
        input [7:0] value;
        input integer width;
        input integer step;
        integer s;
        reg [3:0] shift;
        reg [8:0] bits;
        reg [8:0] rest;
        reg [8:0] half;
        begin
            shift = 0;
            for (s = 8 - width; s > 0; s = s - 1)
                if ((8 - width - s) % step == 0 && (value >> (s - step)) >= (9'd1 << width) && shift == 0) shift = s[3:0];
            bits = {1'b0, value} >> shift;
            if (ROUND != 0 && shift != 0) begin
                rest = {1'b0, value} & ((9'd1 << shift) - 9'd1);
                half = 9'd1 << (shift - 4'd1);
                if (rest > half || (rest == half && bits[0])) bits = bits + 9'd1;
                if (bits >= (9'd1 << width)) bits = (9'd1 << width) - 9'd1;
            end
            window = {shift[2:0], bits[7:0]};
        end
    endfunction

    // The survivor's window: all eight bits at N = 4, else one of twice the width that may lie anywhere.
    localparam WIDE = N == 4 ? 8 : 2 * N;

    reg [10:0] placed_a;
    reg [10:0] placed_b;
    reg [7:0]  survivor;

    always @* begin
        survivor = second == 0 ? first : second;
        placed_a = window(first, N, STEP);
        placed_b = window(second, N, STEP);
        select = 2'd0;
        operand_a = placed_a[N-1:0];
        shift_a = placed_a[10:8] / STEP;
        operand_b = placed_b[N-1:0];
        shift_b = placed_b[10:8] / STEP;
        if (PAIRS != 0 && (first == 0 || second == 0)) begin
            select = second == 0 ? 2'd1 : 2'd2;
            placed_a = WIDE == 8 ? {3'd0, survivor} : window(survivor, WIDE, 1);
            operand_a = placed_a[2*N-1:N];
            shift_a = (placed_a[10:8] + N) / STEP;
            operand_b = placed_a[N-1:0];
            shift_b = placed_a[10:8] / STEP;
        end
    end
endmodule
