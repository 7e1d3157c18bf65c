using System.Numerics.Tensors;
using Subbyte.Kernels;

namespace Subbyte.Training;

/// <content>Products of patches that are read where they lie in a padded map.</content>
internal sealed partial class ConvolutionOperator
{
    private delegate Span<float> Maps(int first, int count);

    /// <summary>The convolution that brings the output's gradient back to the input: of stride 1, over the output's map.</summary>
    /// <returns>Its sizes, or null where there is none of that form.</returns>
    private static ConvolutionGeometry? Mirrored(ConvolutionGeometry g)
    {
        var (height, width) = ((g.KernelHeight - 1) * g.DilationHeight, (g.KernelWidth - 1) * g.DilationWidth);
        if (g.Groups != 1 || g.StrideHeight != 1 || g.StrideWidth != 1 || g.IsPointwise) return null;
        if (g.PadTop > height || g.PadBottom > height || g.PadLeft > width || g.PadRight > width) return null;
        return g with
        {
            InHeight = g.OutHeight,
            InWidth = g.OutWidth,
            InChannels = g.OutChannels,
            OutChannels = g.InChannels,
            PadTop = height - g.PadTop,
            PadBottom = height - g.PadBottom,
            PadLeft = width - g.PadLeft,
            PadRight = width - g.PadRight,
        };
    }

    /// <summary>Packs the weights [input channel][kernel row][kernel column][output channel], the kernel mirrored.</summary>
    private void Mirror()
    {
        var (taps, channels, outputs) = (_geometry.KernelHeight * _geometry.KernelWidth, _geometry.InChannels, _geometry.OutChannels);
        var weights = _weights.Values.AsSpan();
        for (var tap = 0; tap < taps; tap++)
            Transposition.Run(weights[(tap * channels)..], taps * channels, outputs, channels, _mirroredWeights.AsSpan((taps - 1 - tap) * outputs), taps * outputs);
        _mirrored!.Fill(_mirroredWeights);
    }

    private static void Slide(PatchMap map, SampleBlock block, Maps source, PackedFloatMatrix weights, int outputs, Span<float> target, bool adds)
    {
        var length = target.Length / block.Count;
        var padded = block.Scratch.Floats[..map.Length];
        for (var sample = 0; sample < block.Count; sample++)
        {
            map.Fill<float>(source(block.First + sample, 1), 0f, padded);
            var result = target.Slice(sample * length, length);
            var product = adds ? block.Scratch.Floats.Slice(map.Length, length) : result;
            FloatGemm.MultiplyPatches(padded, map, 0, map.Lines, weights, product, outputs);
            if (adds) TensorPrimitives.Add(result, product, result);
        }
    }

    /// <summary>The block's share of the weights' gradient: one chain over its samples and their positions.</summary>
    private void SetWeightGradient(SampleBlock block, ReadOnlySpan<float> dy)
    {
        var (outputs, depth) = (_geometry.OutChannels, _geometry.Depth);
        var padded = block.Scratch.Floats[.._patchMap!.Length];
        var sums = block.Scratch.Floats.Slice(_patchMap.Length, SumsLength);
        for (var sample = 0; sample < block.Count; sample++)
        {
            _patchMap.Fill<float>(Input.Values(block.First + sample, 1), 0f, padded);
            block.Scratch.Panels.FillTransposed(dy[(sample * Output.Length)..], outputs, outputs, _geometry.Positions);
            OuterProducts.AddPatches(padded, _patchMap, block.Scratch.Panels, sums, continues: sample > 0);
        }

        Transposition.Run(sums, SumsLength / depth, depth, outputs, _weightGradient.Of(block), depth);
    }
}
