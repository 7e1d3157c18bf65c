namespace Subbyte.Methods.Pruning;

/// <summary>Unstructured pruning: the smallest magnitudes become zero.</summary>
public static class MagnitudePruning
{
    /// <summary>
    /// Zeroes a share of weights, those of smallest magnitude over all tensors; of equal magnitudes the earlier stays. Zeros that are there
    /// already count.
    /// </summary>
    /// <param name="tensors">Weights; they are changed.</param>
    /// <param name="share">Share of all weights that is zero afterwards, 0..1, rounded to whole weights.</param>
    public static void Prune(IReadOnlyList<float[]> tensors, double share)
    {
        var magnitudes = tensors.SelectMany(tensor => tensor).Select(Math.Abs).ToArray();
        var count = (int)Math.Round(share * magnitudes.Length);
        if (count == 0) return;
        Array.Sort(magnitudes);
        var threshold = magnitudes[count - 1];
        var ofThreshold = count - Array.FindIndex(magnitudes, magnitude => magnitude == threshold);
        foreach (var tensor in tensors.Reverse())
        {
            for (var i = tensor.Length - 1; i >= 0; i--)
            {
                var magnitude = Math.Abs(tensor[i]);
                if (magnitude < threshold || (magnitude == threshold && ofThreshold-- > 0)) tensor[i] = 0;
            }
        }
    }
}
