using System.Numerics.Tensors;

namespace Subbyte.Training;

/// <summary>Elements of a map at other places, with zeros where none goes: slices, pads, transpositions, reshapes.</summary>
internal sealed class RearrangementOperator : Operator
{
    private readonly Run[] _runs;
    private bool _addsToInput;

    /// <summary>A rearrangement.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">Input map.</param>
    /// <param name="output">Output map.</param>
    /// <param name="sources">For each element of the output the element of the input, −1 for a zero.</param>
    public RearrangementOperator(string name, FeatureMap input, FeatureMap output, IReadOnlyList<int> sources)
        : base(name, input, output)
    {
        var runs = new List<Run>();
        for (var i = 0; i < sources.Count; i++)
        {
            if (runs.Count > 0 && runs[^1].Continues(sources[i])) runs[^1] = runs[^1] with { Length = runs[^1].Length + 1 };
            else runs.Add(new Run(sources[i], i, 1));
        }

        _runs = [.. runs];
    }

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        for (var sample = block.First; sample < block.First + block.Count; sample++)
        {
            var x = Input.Values(sample, 1);
            var y = Output.Values(sample, 1);
            foreach (var run in _runs)
            {
                if (run.Source < 0) y.Slice(run.Target, run.Length).Clear();
                else x.Slice(run.Source, run.Length).CopyTo(y[run.Target..]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (!Input.NeedsGradient) return;
        if (!_addsToInput) block.Gradient(Input).Clear();
        for (var sample = block.First; sample < block.First + block.Count; sample++)
        {
            var dx = Input.Gradient(sample, 1);
            var dy = Output.Gradient(sample, 1);
            foreach (var run in _runs)
            {
                if (run.Source < 0) continue;
                var sums = dx.Slice(run.Source, run.Length);
                TensorPrimitives.Add(sums, dy.Slice(run.Target, run.Length), sums);
            }
        }
    }

    /// <summary>Neighbours that stay neighbours.</summary>
    private readonly record struct Run(int Source, int Target, int Length)
    {
        public bool Continues(int source) => Source < 0 ? source < 0 : source == Source + Length;
    }
}
