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
        var fused = new List<PackedStep>(steps);
        for (var i = 0; i + 1 < fused.Count; i++)
        {
            var value = fused[i].Output;
            if (results.Contains(value) || fused.Count(step => step.Inputs.Contains(value)) != 1) continue;
            var reader = fused.FindIndex(step => step.Inputs.Contains(value));
            var step = (fused[i], fused[reader]) switch
            {
                (TransposeStep before, ProductStep layer) => layer.Fuse(before.Inputs, layer.Output, planarInput: true, planarOutput: false),
                (ProductStep layer, TransposeStep behind) => layer.Fuse(layer.Inputs, behind.Output, planarInput: false, planarOutput: true),
                _ => null,
            };
            if (step is null) continue;
            fused[reader] = step;
            fused.RemoveAt(i);
            i--;
        }

        return fused;
    }
}
