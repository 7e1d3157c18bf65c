using Subbyte.Experiments.Verification.Operators;
using Subbyte.Tensors;

namespace Subbyte.Tests.Verification.Operators;

/// <summary>What counts as agreement, tolerance by tolerance.</summary>
public sealed class OutputDifferenceTests
{
    private const float Ulp = 1.1920929e-7f;

    [Theory]
    [InlineData(ToleranceKind.Equal, 0, 1f, true)]
    [InlineData(ToleranceKind.Equal, 0, 1f + Ulp, false)]
    [InlineData(ToleranceKind.Ulps, 2, 1f + (2 * Ulp), true)]
    [InlineData(ToleranceKind.Ulps, 2, 1f + (3 * Ulp), false)]
    [InlineData(ToleranceKind.Sum, 3, 1f + (15 * Ulp), true)]
    [InlineData(ToleranceKind.Sum, 3, 1f + (16 * Ulp), false)]
    [InlineData(ToleranceKind.Largest, 2, 1f + (8 * Ulp), true)]
    [InlineData(ToleranceKind.Largest, 2, 1f + (9 * Ulp), false)]
    [InlineData(ToleranceKind.Absolute, 2, 1f + (2 * Ulp), true)]
    [InlineData(ToleranceKind.Absolute, 2, 1f + (3 * Ulp), false)]
    [InlineData(ToleranceKind.Largest, 2, float.NaN, false)]
    public void A_difference_is_held_against_the_tolerance(ToleranceKind kind, double units, float ours, bool agrees)
    {
        // Σ|a·b| of the first element is 5, the largest element 4.
        var difference = Of([ours, 4], [1, 4], new Tolerance(kind, units), [5, 5]);
        (difference.Reason is null).ShouldBe(agrees);
        if (agrees) difference.Error.ShouldBe(ours - 1.0);
    }

    [Fact]
    public void Infinities_and_nan_are_equal_to_themselves()
        => Of([float.PositiveInfinity, float.NaN, -0f], [float.PositiveInfinity, float.NaN, 0], Tolerance.Equal).Reason.ShouldBeNull();

    [Fact]
    public void Shapes_types_and_numbers_of_outputs_are_equal()
    {
        OutputDifference.Of([Tensor.Of<float>([1], 1, 1)], [Tensor.Of<float>([1])], null, Tolerance.Largest(9)).Reason!.ShouldContain("Float32[1,1] where ONNX Runtime gives Float32[1]");
        OutputDifference.Of([Tensor.Of<int>([1])], [Tensor.Of<long>([1])], null, Tolerance.Equal).Reason!.ShouldContain("Int32[1]");
        OutputDifference.Of([], [Tensor.Of<long>([1])], null, Tolerance.Equal).Reason!.ShouldContain("0 outputs");
    }

    [Fact]
    public void Integers_are_equal_or_a_step_apart_where_that_is_allowed()
    {
        OutputDifference Integers(Tolerance tolerance) => OutputDifference.Of([Tensor.Of<byte>([7, 9])], [Tensor.Of<byte>([7, 10])], null, tolerance);
        Integers(Tolerance.Ulps(1000)).Reason!.ShouldContain("element 1");
        Integers(Tolerance.Steps(1)).Reason.ShouldBeNull();
        OutputDifference.Of([Tensor.Of<long>([1, long.MaxValue])], [Tensor.Of<long>([1, long.MaxValue - 1])], null, Tolerance.Equal).Reason!.ShouldContain("element 1");
    }

    private static OutputDifference Of(float[] ours, float[] theirs, Tolerance tolerance, float[]? magnitudes = null)
        => OutputDifference.Of([Tensor.Of<float>(ours)], [Tensor.Of<float>(theirs)], magnitudes is null ? null : [Tensor.Of<float>(magnitudes)], tolerance);
}
