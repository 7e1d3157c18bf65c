    // Vectors: one word a step of every position and of every filter, one word a sum, phase after phase. What is read is checked against a hash, so that a digit that
    // was altered is noticed even where the datapath would hide it.
    reg [`X_FILE_BITS-1:0] xs [0:`X_WORDS-1];
    reg [`W_BITS-1:0]      ws [0:`W_WORDS-1];
    reg [39:0]             ys [0:`Y_WORDS-1];
    reg [31:0]             hash;
    integer                word, part;
    reg [`X_FILE_BITS+31:0] x_word;
    reg [`W_BITS+31:0]      w_word;

    task read_vectors;
        begin
            $readmemh("x.hex", xs);
            $readmemh("w.hex", ws);
            $readmemh("y.hex", ys);
            hash = 32'h811c9dc5;
            for (word = 0; word < `X_WORDS; word = word + 1) begin
                x_word = {32'd0, xs[word]};
                for (part = 0; part < `X_FILE_BITS; part = part + 32) hash = (hash ^ x_word[part +: 32]) * 32'h01000193;
            end
            for (word = 0; word < `W_WORDS; word = word + 1) begin
                w_word = {32'd0, ws[word]};
                for (part = 0; part < `W_BITS; part = part + 32) hash = (hash ^ w_word[part +: 32]) * 32'h01000193;
            end
            for (word = 0; word < `Y_WORDS; word = word + 1) begin
                hash = (hash ^ ys[word][31:0]) * 32'h01000193;
                hash = (hash ^ {24'd0, ys[word][39:32]}) * 32'h01000193;
            end
        end
    endtask

    integer errors, cycles;

    task report;
        begin
            if (hash !== `HASH) $display("FAIL %0s: the vectors are not those that were written (hash %h, expected %h)", `NAME, hash, `HASH);
            else if (errors != 0) $display("FAIL %0s: %0d of %0d sums differ", `NAME, errors, `Y_WORDS);
            else if (cycles != `CYCLES) $display("FAIL %0s: %0d cycles, expected %0d", `NAME, cycles, `CYCLES);
            else $display("PASS %0s: %0d sums, %0d cycles", `NAME, `Y_WORDS, cycles);
            $finish;
        end
    endtask

    task check;
        input integer place;
        input [39:0] sum;
        begin
            if (sum !== ys[place]) begin
                if (errors < 5) $display("sum %0d: %h, expected %h", place, sum, ys[place]);
                errors = errors + 1;
            end
        end
    endtask
