using Subbyte.Kernels;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class CodeTranspositionTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 70)]
    [InlineData(16, 16)]
    [InlineData(17, 49)]
    [InlineData(64, 64)]
    [InlineData(40, 196)]
    [InlineData(130, 15)]
    public void Rows_become_columns_on_every_instruction_set(int rows, int columns)
    {
        var source = Arrays.Bytes(new Random(rows), rows * columns);
        var exact = new byte[source.Length + 1];
        for (var i = 0; i < source.Length; i++) exact[(i % columns * rows) + (i / columns)] = source[i];
        InstructionSets.ForEach(set =>
        {
            var result = new byte[exact.Length];
            CodeTransposition.Run(source, rows, columns, result);
            result.ShouldBe(exact, $"{set}");
        });
    }

    [Fact]
    public void Short_spans_are_refused()
    {
        Should.Throw<ArgumentException>(() => CodeTransposition.Run(new byte[11], 3, 4, new byte[12]));
        Should.Throw<ArgumentException>(() => CodeTransposition.Run(new byte[12], 3, 4, new byte[11]));
    }
}
