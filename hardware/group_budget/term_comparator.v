// The first term of a group: the largest exponent, and the lowest index among those that have it.
module term_comparator #(
    parameter GROUP = 8,
    parameter LEVELS = 9,
    parameter INDEX = 3
) (
    input  wire [GROUP*LEVELS-1:0] present,     // of value i at exponent e: bit e * GROUP + i
    output reg                     any,
    output reg  [INDEX-1:0]        index,
    output reg  [3:0]              exponent
);
    reg [GROUP-1:0] level;
    integer         i, e;

    always @* begin
        any = |present;
        level = 0;
        index = 0;
        exponent = 4'd0;
        for (e = 0; e < LEVELS; e = e + 1)
            if (|present[e*GROUP +: GROUP]) begin
                level = present[e*GROUP +: GROUP];
                exponent = e[3:0];
            end
        for (i = GROUP - 1; i >= 0; i = i - 1)
            if (level[i]) index = i[INDEX-1:0];
    end
endmodule
