using Subbyte.Runtime;

namespace Subbyte.Packing;

/// <summary>Takes changes of layout before and behind dot-product layers into them: a map is not written only to be read once.</summary>
internal static class LayoutFusion
{
    /// <summary>Applies the rule.</summary>
    /// <param name="steps">Steps in execution order.</param>
    /// <param name="results">Values that a run gives.</param>
    /// <returns>Fewer steps, with the same values.</returns>
    public static IReadOnlyList<PackedStep> Apply(IReadOnlyList<PackedStep> steps, IReadOnlySet<int> results)
    {
        // Fully connected layers first: a map that is not transposed can be handed over as codes.
        return Apply(Apply(steps, results, Untransposed), results, Planar);
    }

    private static PackedStep? Untransposed(PackedStep first, PackedStep second) => (first, second) switch
    {
        (TransposeStep before, ProductStep layer) => layer.Untransposed(before.Inputs, before.Rows),
        (TransposeStep before, LevelProductStep layer) => layer.Untransposed(before.Inputs, before.Rows),
        _ => null,
    };

    private static PackedStep? Planar(PackedStep first, PackedStep second) => (first, second) switch
    {
        (TransposeStep before, ProductStep layer) => layer.Fuse(before.Inputs, layer.Output, planarInput: true, planarOutput: false),
        (ProductStep layer, TransposeStep behind) => layer.Fuse(layer.Inputs, behind.Output, planarInput: false, planarOutput: true),
        _ => null,
    };

    private static List<PackedStep> Apply(IReadOnlyList<PackedStep> steps, IReadOnlySet<int> results, Func<PackedStep, PackedStep, PackedStep?> join)
    {
        var fused = new List<PackedStep>(steps);
        for (var i = 0; i + 1 < fused.Count; i++)
        {
            var value = fused[i].Output;
            if (results.Contains(value) || fused.Count(step => step.Inputs.Contains(value)) != 1) continue;
            var reader = fused.FindIndex(step => step.Inputs.Contains(value));
            var step = join(fused[i], fused[reader]);
            if (step is null) continue;
            fused[reader] = step;
            fused.RemoveAt(i);
            i--;
        }

        return fused;
    }
}
