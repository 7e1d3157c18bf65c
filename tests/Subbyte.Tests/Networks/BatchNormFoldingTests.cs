using Subbyte.Networks.Passes;

namespace Subbyte.Tests.Networks;

public class BatchNormFoldingTests
{
    /// <summary>The vectors are in double, the parameters of a network float32: 0.3 differs from its float32 by 1.2e-8.</summary>
    private const double Float32 = 2e-8;

    [Fact]
    public void Vectors_of_the_specification_hold()
    {
        var rows = VectorTable.Read("Networks/batch-norm.vectors.txt");
        float[] Column(string name) => [.. rows.SelectMany(row => row.Floats(name))];
        var (weights, bias) = BatchNormFolding.Fold(Column("weights"), Column("bias"), Column("gamma"), Column("beta"), Column("mean"), Column("variance"), 1e-5f);
        var (scale, _) = BatchNormFolding.Affine(Column("gamma"), Column("beta"), Column("mean"), Column("variance"), 1e-5f);
        Close(weights, rows.SelectMany(row => row.Numbers("folded")));
        Close(bias, rows.Select(row => row.Number("folded-bias")));
        Close(scale, rows.Select(row => row.Number("factor")));
    }

    [Fact]
    public void A_factor_of_zero_gives_a_channel_of_zeros()
    {
        var (weights, bias) = BatchNormFolding.Fold([3, -4], [5], [0], [7], [1], [2], 1e-5f);
        weights.ShouldBe([0, 0]);
        bias.ShouldBe([7]);
    }

    private static void Close(IEnumerable<float> actual, IEnumerable<double> expected)
    {
        foreach (var (value, vector) in actual.Zip(expected)) ((double)value).ShouldBe(vector, Float32 + (Math.Abs(vector) * 1e-7));
    }
}
