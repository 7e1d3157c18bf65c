// Output-stationary systolic array of ROWS by COLUMNS processing elements of any kind. Activations come in on the left, weights on top, one step of
// the dot product a beat (a cycle, but for term MACs); the array skews them itself. An element works when its operands arrive, so the last one has
// done after K + ROWS + COLUMNS − 2 beats, and EXTRA cycles for what follows the last step. Elements that queue work hold the whole array while one of
// them has no room, and the end back until all queues are empty.
module systolic_array #(
    parameter ROWS    = 8,
    parameter COLUMNS = 8,
    parameter KIND    = 0,
    parameter XW      = 8,
    parameter WW      = 8,
    parameter P0      = 0,
    parameter P1      = 0,
    parameter P2      = 0,
    parameter P3      = 0,
    parameter P4      = 0,
    parameter P5      = 0,
    parameter EXTRA   = 0
) (
    input  wire                          clk,
    input  wire                          reset,
    input  wire                          valid,     // a step of the dot product comes in
    input  wire                          first,
    input  wire                          last,
    input  wire                          begins,
    input  wire                          advance,   // last cycle of a beat
    input  wire [6:0]                    w_slot,
    input  wire [3:0]                    x_term,
    input  wire [3:0]                    terms,
    input  wire [ROWS*XW-1:0]            x,
    input  wire [COLUMNS*WW-1:0]         w,
    output wire [ROWS*COLUMNS*40-1:0]    sums,
    output wire                          ready,     // the step that is there is taken
    output wire                          done       // all sums are there
);
    localparam DIAGONALS = ROWS + COLUMNS - 1;

    // Whether a step is there, and is the first or the last, is the same along a diagonal.
    wire [DIAGONALS-1:0] valids, firsts, lasts;
    reg  [DIAGONALS-1:0] valid_after, first_after, last_after;
    reg  [EXTRA:0]       finished;

    wire [DIAGONALS:0]    valid_line = {valid_after, valid};
    wire [DIAGONALS:0]    first_line = {first_after, first};
    wire [DIAGONALS:0]    last_line  = {last_after, last};
    wire [ROWS*COLUMNS-1:0] full, busy;
    wire                    takes = advance && ready;

    assign valids = valid_line[DIAGONALS-1:0];
    assign firsts = first_line[DIAGONALS-1:0];
    assign lasts  = last_line[DIAGONALS-1:0];
    assign ready  = !(|full);
    assign done   = finished[EXTRA] && !(|busy);

    integer d;
    always @(posedge clk) begin
        if (reset) begin
            valid_after <= 0;
            last_after <= 0;
            finished <= 0;
        end else begin
            if (takes) begin
                valid_after <= valids;
                first_after <= firsts;
                last_after <= lasts;
            end
            if (!(finished[0] && |busy)) begin
                finished[0] <= takes && valids[DIAGONALS-1] && lasts[DIAGONALS-1];
                for (d = 1; d <= EXTRA; d = d + 1) finished[d] <= finished[d-1];
            end
        end
    end

    // Operands between neighbours; row r waits r beats at the edge, column c waits c.
    wire [ROWS*(COLUMNS+1)*XW-1:0] across;
    wire [(ROWS+1)*COLUMNS*WW-1:0] down;

    genvar r, c;
    generate
        for (r = 0; r < ROWS; r = r + 1) begin : left
            edge_delay #(.WIDTH(XW), .BEATS(r)) delay (.clk(clk), .advance(takes), .in(x[r*XW +: XW]), .out(across[r*(COLUMNS+1)*XW +: XW]));
        end
        for (c = 0; c < COLUMNS; c = c + 1) begin : top
            edge_delay #(.WIDTH(WW), .BEATS(c)) delay (.clk(clk), .advance(takes), .in(w[c*WW +: WW]), .out(down[c*WW +: WW]));
        end
        for (r = 0; r < ROWS; r = r + 1) begin : row
            for (c = 0; c < COLUMNS; c = c + 1) begin : column
                processing_element #(.KIND(KIND), .XW(XW), .WW(WW), .P0(P0), .P1(P1), .P2(P2), .P3(P3), .P4(P4), .P5(P5)) element (
                    .clk(clk), .reset(reset), .valid(valids[r+c] && ready), .first(firsts[r+c]), .begins(begins), .advance(takes), .w_slot(w_slot), .x_term(x_term), .terms(terms),
                    .x(across[(r*(COLUMNS+1)+c)*XW +: XW]), .w(down[(r*COLUMNS+c)*WW +: WW]),
                    .x_out(across[(r*(COLUMNS+1)+c+1)*XW +: XW]), .w_out(down[((r+1)*COLUMNS+c)*WW +: WW]),
                    .full(full[r*COLUMNS+c]), .busy(busy[r*COLUMNS+c]), .sum(sums[(r*COLUMNS+c)*40 +: 40]));
            end
        end
    endgenerate
endmodule
