using System.Numerics.Tensors;
using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>
/// A long short-term memory (Hochreiter, Schmidhuber, 1997) over the steps of a batch, gates in ONNX's order: input, output, forget, cell. Each sample goes on from the
/// state that the sample at the same place of the batch before left; gradients end at the first step (truncated back-propagation through time).
/// </summary>
internal sealed partial class LstmOperator : Operator
{
    private readonly int _inputs;
    private readonly int _hidden;
    private readonly int _steps;
    private readonly LayerWeights _inputWeights;
    private readonly LayerWeights _stateWeights;
    private readonly Parameter? _bias;
    private readonly PackedFloatMatrix _forwardInput;
    private readonly PackedFloatMatrix _forwardState;
    private readonly PackedFloatMatrix? _backwardInput;
    private readonly PackedFloatMatrix _backwardState;
    private readonly WeightGradientTiles _inputTiles;
    private readonly WeightGradientTiles _stateTiles;
    private readonly float[] _sumOfBiases;
    private readonly float[] _ones;
    private float[] _gates = [];
    private float[] _gateGradients = [];
    private float[] _cells = [];
    private float[] _previous = [];
    private float[] _firstCells = [];
    private float[] _state = [];
    private float[] _cellState = [];
    private bool _addsToInput;

    /// <summary>A memory.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">Input map: [channels, steps].</param>
    /// <param name="output">Output map: [hidden, steps].</param>
    /// <param name="inputWeights">Weights of the gates with the input [4·hidden][inputs].</param>
    /// <param name="stateWeights">Weights of the gates with the state [4·hidden][hidden].</param>
    /// <param name="bias">Biases beside both [8·hidden], or null.</param>
    public LstmOperator(string name, FeatureMap input, FeatureMap output, LayerWeights inputWeights, LayerWeights stateWeights, Parameter? bias)
        : base(name, input, output)
    {
        (_inputs, _hidden, _steps) = (input.Channels, output.Channels, output.Positions);
        (_inputWeights, _stateWeights, _bias) = (inputWeights, stateWeights, bias);
        _forwardInput = PackedFloatMatrix.Zeros(4 * _hidden, _inputs);
        _forwardState = PackedFloatMatrix.Zeros(4 * _hidden, _hidden);
        _backwardInput = input.NeedsGradient ? PackedFloatMatrix.Zeros(_inputs, 4 * _hidden) : null;
        _backwardState = PackedFloatMatrix.Zeros(_hidden, 4 * _hidden);
        (_inputTiles, _stateTiles) = (new WeightGradientTiles(4 * _hidden, _inputs), new WeightGradientTiles(4 * _hidden, _hidden));
        _sumOfBiases = new float[4 * _hidden];
        _ones = [.. Enumerable.Repeat(1f, 4 * _hidden)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters
        => [.. _inputWeights.Parameters, .. _stateWeights.Parameters, .. _bias is null ? [] : new[] { _bias }];

    /// <inheritdoc/>
    public override IReadOnlyList<LayerWeights> Weights => [_inputWeights, _stateWeights];

    /// <inheritdoc/>
    public override IEnumerable<float[]> State => [.. base.State, _state, _cellState];

    /// <inheritdoc/>
    public override void ResetMemory()
    {
        Array.Clear(_state);
        Array.Clear(_cellState);
    }

    /// <inheritdoc/>
    public override int GradientTiles => _inputTiles.Count + _stateTiles.Count;

    /// <inheritdoc/>
    public override int ScratchFloats(int samples) => checked(SampleBlock.Size * ((_inputs * _steps) + (14 * _hidden)));

    /// <inheritdoc/>
    public override int ScratchPanels(int samples) => Math.Max(_inputTiles.ScratchPanels(checked(samples * _steps)), _stateTiles.ScratchPanels(samples * _steps));

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Allocate(int samples)
    {
        var (steps, states) = (checked(samples * _steps * _hidden), samples * _hidden);
        if (_cells.Length >= steps) return;
        (_gates, _gateGradients, _cells, _previous) = (new float[4 * steps], new float[4 * steps], new float[steps], new float[steps]);
        (_firstCells, _state, _cellState) = (new float[states], new float[states], new float[states]);
    }

    /// <inheritdoc/>
    public override void Prepare()
    {
        _inputWeights.Prepare();
        _stateWeights.Prepare();
        _forwardInput.Fill(_inputWeights.Values);
        _forwardState.Fill(_stateWeights.Values);
        _backwardInput?.FillTransposed(_inputWeights.Values, _inputs, _inputs, 4 * _hidden);
        _backwardState.FillTransposed(_stateWeights.Values, _hidden, _hidden, 4 * _hidden);
        if (_bias is not null) TensorPrimitives.Add(_bias.Values.AsSpan(0, 4 * _hidden), _bias.Values.AsSpan(4 * _hidden), _sumOfBiases);
    }

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        var (gates, hidden) = (4 * _hidden, _hidden);
        var all = _gates.AsSpan(block.First * _steps * gates, block.Count * _steps * gates);
        FloatGemm.Multiply(block.Values(Input), _inputs, block.Count * _steps, _forwardInput, all, gates);
        Elementwise.Affine(all, _ones, _sumOfBiases, all);
        var sums = block.Scratch.Floats[..(block.Count * gates)];
        _cellState.AsSpan(block.First * hidden, block.Count * hidden).CopyTo(_firstCells.AsSpan(block.First * hidden));
        for (var step = 0; step < _steps; step++)
        {
            var previous = _previous.AsSpan(((block.First * _steps) + step) * hidden);
            for (var sample = 0; sample < block.Count; sample++)
                _state.AsSpan((block.First + sample) * hidden, hidden).CopyTo(previous[(sample * _steps * hidden)..]);
            FloatGemm.Multiply(_state.AsSpan(block.First * hidden, block.Count * hidden), hidden, block.Count, _forwardState, sums, gates);
            for (var sample = 0; sample < block.Count; sample++) Advance(block.First + sample, step, sums.Slice(sample * gates, gates));
        }
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        var (gates, hidden, states) = (4 * _hidden, _hidden, block.Count * _hidden);
        var floats = block.Scratch.Floats;
        var stateGradient = floats[..states];
        var cellGradient = floats.Slice(states, states);
        var stepGradient = floats.Slice(2 * states, 4 * states);
        stateGradient.Clear();
        cellGradient.Clear();
        for (var step = _steps - 1; step >= 0; step--)
        {
            for (var sample = 0; sample < block.Count; sample++)
            {
                var gradient = stepGradient.Slice(sample * gates, gates);
                Retreat(block.First + sample, step, stateGradient.Slice(sample * hidden, hidden), cellGradient.Slice(sample * hidden, hidden), gradient, floats.Slice(6 * states, 2 * hidden));
                gradient.CopyTo(_gateGradients.AsSpan((((block.First + sample) * _steps) + step) * gates));
            }

            if (step > 0) FloatGemm.Multiply(stepGradient, gates, block.Count, _backwardState, stateGradient, hidden);
        }

        if (_backwardInput is null) return;
        var dx = block.Gradient(Input);
        var product = _addsToInput ? floats[..dx.Length] : dx;
        FloatGemm.Multiply(_gateGradients.AsSpan(block.First * _steps * gates, block.Count * _steps * gates), gates, block.Count * _steps, _backwardInput, product, _inputs);
        if (_addsToInput) TensorPrimitives.Add(dx, product, dx);
    }

    /// <inheritdoc/>
    public override void FinishGradient(int tile, int samples, Scratch scratch)
    {
        var (gates, rows) = (4 * _hidden, samples * _steps);
        var gradients = _gateGradients.AsSpan(0, rows * gates);
        if (tile == 0 && _bias is not null)
        {
            ChannelSums.Sum(gradients, _bias.Gradient.AsSpan(0, gates));
            _bias.Gradient.AsSpan(0, gates).CopyTo(_bias.Gradient.AsSpan(gates));
        }

        if (tile < _inputTiles.Count) _inputTiles.Run(tile, gradients, Input.Values(0, samples), rows, scratch, _inputWeights.Gradient);
        else _stateTiles.Run(tile - _inputTiles.Count, gradients, _previous.AsSpan(0, rows * _hidden), rows, scratch, _stateWeights.Gradient);
    }
}
