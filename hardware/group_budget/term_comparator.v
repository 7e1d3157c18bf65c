// The first term of a group: the largest exponent, and the lowest index among those that have it.
module term_comparator #(
    parameter GROUP = 8,
    parameter LEVELS = 9,
    parameter INDEX = 3
) (
    input  wire [GROUP*LEVELS-1:0] present,     // of value i at exponent e: bit i * LEVELS + e
    output reg                     any,
    output reg  [INDEX-1:0]        index,
    output reg  [3:0]              exponent
);
    integer i, e;

    always @* begin
        any = 1'b0;
        index = 0;
        exponent = 4'd0;
        for (e = 0; e < LEVELS; e = e + 1)
            for (i = GROUP - 1; i >= 0; i = i - 1)
                if (present[i*LEVELS + e]) begin
                    any = 1'b1;
                    index = i[INDEX-1:0];
                    exponent = e[3:0];
                end
    end
endmodule
