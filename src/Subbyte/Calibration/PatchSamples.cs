using System.Runtime.InteropServices;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Calibration;

/// <summary>
/// Patch rows of several layers, drawn in one pass over the calibration samples: as many layers from the one that asks on as fit the
/// memory set aside for rows, so that layers that are solved one after the other share passes. Every sample gives as many rows, at positions
/// drawn without repetition from a sequence of its own.
/// </summary>
internal sealed class PatchSamples
{
    private const long MostBytes = 512L << 20;
    private const long MostBytesOfLayer = 256L << 20;
    private const ulong Seed = 0x5EED;

    private readonly Dictionary<LayerStatistics, PatchRows[]> _rows = [];
    private readonly int _most;

    private PatchSamples(int most) => _most = most;

    /// <summary>Draws the rows of a layer and of layers after it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="first">The layer that asks.</param>
    /// <param name="most">Most rows of a layer, ≥ 1; fewer where it has fewer or where rows are so long that they would pass 256 MiB.</param>
    /// <returns>The rows.</returns>
    public static PatchSamples Collect(NetworkStatistics network, LayerStatistics first, int most)
    {
        var samples = new PatchSamples(most);
        long bytes = 0;
        foreach (var layer in network.Layers.SkipWhile(layer => !ReferenceEquals(layer, first)))
        {
            var g = layer.Geometry;
            var count = Count(layer, most);
            bytes += count * (long)g.Depth * g.Groups * sizeof(float);
            if ((bytes > MostBytes || !network.SharesPasses) && samples._rows.Count > 0) break;
            samples._rows[layer] = [.. Enumerable.Range(0, g.Groups).Select(_ => new PatchRows(g.Depth, new float[count * g.Depth]))];
        }

        network.Pass(samples.Draw, (_, _) => { });
        return samples;
    }

    /// <summary>The rows of a layer by group, or null when they were not drawn, or not as many.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="most">Most rows.</param>
    /// <returns>The rows.</returns>
    public PatchRows[]? Of(LayerStatistics layer, int most) => most == _most ? _rows.GetValueOrDefault(layer) : null;

    private static int Count(LayerStatistics layer, int most)
    {
        var g = layer.Geometry;
        var available = (long)layer.Samples * g.Positions;
        var affordable = Math.Max(1, MostBytesOfLayer / (sizeof(float) * (long)g.Depth * g.Groups));
        return (int)Math.Min(most, Math.Min(available, affordable));
    }

    private bool Draw(LayerStatistics layer, int sample, ReadOnlyMemory<byte> input)
    {
        if (!_rows.TryGetValue(layer, out var groups)) return false;
        var g = layer.Geometry;
        long count = groups[0].Count;
        var (row, end) = ((int)(count * sample / layer.Samples), (int)(count * (sample + 1) / layer.Samples));
        var random = new SeededRandom(Seed, (ulong)sample);
        var map = MemoryMarshal.Cast<byte, float>(input.Span);
        for (var position = 0; row < end; position++)
        {
            // Selection sampling: every set of positions is as likely, and they come in order.
            if (random.Next(g.Positions - position) >= end - row) continue;
            for (var group = 0; group < groups.Length; group++)
                Im2Col.Pack(map, g, group, position, 1, 0f, groups[group].Values.AsSpan(row * g.Depth, g.Depth), g.Depth);
            row++;
        }

        return true;
    }
}
