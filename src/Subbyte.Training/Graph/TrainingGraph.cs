using System.Diagnostics;
using System.Numerics.Tensors;
using Subbyte.Kernels;
using Subbyte.Methods.Training;
using Subbyte.Networks;
using Subbyte.Networks.Passes;
using Subbyte.Prediction;
using Tensor = Subbyte.Tensors.Tensor;

namespace Subbyte.Training;

/// <summary>A network made ready for training: operators with memory for a batch, and the phases of its passes.</summary>
internal sealed partial class TrainingGraph
{
    private readonly Network _network;
    private readonly IReadOnlyDictionary<string, OutputPrediction> _masks;
    private readonly Operator[] _operators;
    private readonly FeatureMap _input;
    private readonly SoftmaxCrossEntropy _loss;
    private readonly WorkerTeam _team;
    private readonly Scratch[] _scratch;
    private readonly Phase[] _trainingPhases;
    private readonly Phase[] _inferencePhases;
    private readonly (Operator Operator, int Tile)[] _tiles;
    private readonly LayerWeights[] _layers;
    private readonly LayerWeights[] _pulledBack;
    private readonly QuantizationOperator[] _quantizations;
    private readonly Parameter[][] _penalized;
    private readonly Parameter[] _tied;
    private readonly Action<int, int> _pullBack;
    private readonly Action<int, int> _prepare;
    private readonly Action<int, int> _runTile;
    private readonly Action<int, int> _runBlock;
    private readonly int[] _indices;
    private readonly int[] _labels;
    private readonly int _labelsPerSample;
    private ISampleSource? _samples;
    private Phase? _phase;
    private int _count;
    private bool _isPrepared;
    private TrainingGraph? _teacher;

    /// <summary>Compiles a network.</summary>
    /// <param name="network">The network; it stays as it is.</param>
    /// <param name="batch">Samples of the largest batch.</param>
    /// <param name="labelSmoothing">ε of the loss.</param>
    /// <param name="team">Who works.</param>
    /// <param name="methods">What methods do to the layers; null for nothing.</param>
    /// <param name="steps">Words of a sample, for language models.</param>
    /// <param name="masks">Masks over feature maps, by the name of the ReLU that makes the map; null for none.</param>
    /// <exception cref="UserErrorException">Something of the network cannot be trained.</exception>
    public TrainingGraph(Network network, int batch, float labelSmoothing, WorkerTeam team, TrainingMethods? methods = null, int steps = 0, IReadOnlyDictionary<string, OutputPrediction>? masks = null)
    {
        Methods = methods ?? TrainingMethods.None;
        (_network, _team, _masks) = (ConstantFolding.Apply(Methods.Prepare(network)), team, masks ?? new Dictionary<string, OutputPrediction>(StringComparer.Ordinal));
        (var operators, _input, Output) = GraphCompiler.Compile(_network, Methods, steps, _masks);
        _operators = [.. operators];
        _loss = new SoftmaxCrossEntropy(Output, labelSmoothing);
        Parameters = [.. _operators.SelectMany(node => node.Parameters).Where(parameter => parameter.Owner is null)];
        _tied = [.. _operators.SelectMany(node => node.Parameters).Where(parameter => parameter.Owner is not null)];
        _labelsPerSample = Output.Positions;
        (_indices, _labels) = (new int[batch], new int[batch * _labelsPerSample]);
        Allocate(batch);
        var floats = _operators.Max(node => node.ScratchFloats(batch));
        var panels = _operators.Max(node => node.ScratchPanels(batch));
        _scratch = [.. Enumerable.Range(0, team.Count).Select(_ => new Scratch(Math.Max(floats, 2 * Math.Max(Output.Length, _input.Length)), panels))];
        _trainingPhases = TrainingPhases();
        _inferencePhases = [new Phase([ReadInput, .. _operators.Select<Operator, Action<SampleBlock>>(node => node.Forward), ComputeLoss], null)];
        _tiles = [.. _operators.SelectMany(node => Enumerable.Range(0, node.GradientTiles).Select(tile => (node, tile)))];
        _layers = [.. _operators.SelectMany(node => node.Weights)];
        _quantizations = [.. _operators.OfType<QuantizationOperator>()];
        _pulledBack = [.. _layers.Where(weights => weights.NeedsPullBack)];
        _penalized = [.. Methods.Regularizers.Select(regularizer => _layers.Where(layer => regularizer.Covers(layer.Layer)).Select(layer => layer.Latent).ToArray())];
        _pullBack = (item, _) => _pulledBack[item].PullBack();
        _prepare = (item, worker) => Prepare(_operators[item], worker);
        _runTile = (item, worker) => RunTile(_tiles[item].Operator, _tiles[item].Tile, worker);
        _runBlock = RunBlock;
    }

    /// <summary>What methods do to the layers.</summary>
    public TrainingMethods Methods { get; }

    /// <summary>What is done to samples before a training step.</summary>
    public Augmentation Augmentation { get; set; } = new();

    /// <summary>What the present pass is for; the seed and the step are the caller's to set.</summary>
    public PassContext Pass { get; } = new();

    /// <summary>Takes the time of each operator, or null.</summary>
    public PassProfile? Profile { get; set; }

    /// <summary>The map that the network ends with: one logit per class.</summary>
    public FeatureMap Output { get; }

    /// <summary>What training changes, in the order of the network.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Refuses data that do not fit the network.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="UserErrorException">Samples have another shape than the input, or a label has no logit.</exception>
    public void Check(LabeledSamples data)
    {
        if (!data.Samples.SampleShape.SequenceEqual(_input.Shape))
            throw new UserErrorException($"samples of [{string.Join(",", data.Samples.SampleShape.ToArray())}] do not fit input {_input}");
        if (data.LabelsPerSample != _labelsPerSample) throw new UserErrorException($"{data.LabelsPerSample} labels a sample do not fit a network with {_labelsPerSample} answers");
        if (data.Classes > Output.Channels)
            throw new UserErrorException($"label {data.Classes - 1} does not fit a network with {Output.Channels} outputs");
    }

    /// <summary>Runs a batch forward and backward: leaves the gradient of the mean loss in the parameters, and moves running statistics.</summary>
    /// <param name="data">Where samples come from.</param>
    /// <param name="indices">Which ones.</param>
    /// <returns>The sum of the losses, and how many were classified rightly.</returns>
    public (double Loss, int Correct) ComputeGradients(LabeledSamples data, ReadOnlySpan<int> indices)
    {
        _teacher?.Follow(data, indices, Pass);
        Pass.IsAugmented = true;
        Run(data, indices, _trainingPhases, isTraining: true);
        Pass.IsAugmented = false;
        _team.Run(_tiles.Length, _runTile);
        _team.Run(_pulledBack.Length, _pullBack);
        _isPrepared = false;
        var (loss, correct) = _loss.Sum(_count * _labelsPerSample);
        loss += _count * _labelsPerSample * AddPenalties();
        foreach (var tied in _tied) TensorPrimitives.Add(tied.Owner!.Gradient, tied.Gradient, tied.Owner.Gradient);
        return (loss, correct);
    }

    /// <summary>Runs a batch forward as in inference.</summary>
    /// <param name="data">Where samples come from.</param>
    /// <param name="indices">Which ones.</param>
    /// <returns>The sum of the losses, and how many were classified rightly.</returns>
    public (double Loss, int Correct) Evaluate(LabeledSamples data, ReadOnlySpan<int> indices)
    {
        Run(data, indices, _inferencePhases, isTraining: false);
        return _loss.Sum(_count * _labelsPerSample);
    }

    /// <summary>All numbers that training changes, in a fixed order: parameters, running statistics, quantizers.</summary>
    public IEnumerable<float[]> State => _operators.SelectMany(node => node.State);

    /// <summary>Puts a teacher beside the labels.</summary>
    /// <param name="distillation">Teacher and weights.</param>
    /// <exception cref="UserErrorException">The teacher does not fit.</exception>
    public void Learn(Distillation distillation)
    {
        _teacher = new TrainingGraph(distillation.Teacher, _indices.Length, 0, _team) { Augmentation = Augmentation };
        if (!_teacher._input.Shape.SequenceEqual(_input.Shape) || _teacher.Output.Length != Output.Length)
            throw new UserErrorException($"the teacher goes from {_teacher._input} to {_teacher.Output}, the network from {_input} to {Output}; they must be alike");
        _loss.Teacher = new TeacherLoss(_teacher.Output, distillation.Temperature, distillation.Weight);
    }

    /// <summary>Runs a teacher on the batch that a student is about to see.</summary>
    private void Follow(LabeledSamples data, ReadOnlySpan<int> indices, PassContext pass)
    {
        (Pass.Seed, Pass.Step, Pass.IsAugmented) = (pass.Seed, pass.Step, true);
        Run(data, indices, _inferencePhases, isTraining: false);
    }

    /// <summary>Forgets what earlier batches left: at the beginning of a text.</summary>
    public void ResetMemory()
    {
        foreach (var node in _operators) node.ResetMemory();
    }

    /// <summary>Copies all that training has changed.</summary>
    /// <returns>Parameters and running statistics, in a fixed order.</returns>
    public float[][] Snapshot() => [.. State.Select(state => (float[])state.Clone())];

    /// <summary>Returns to a snapshot.</summary>
    /// <param name="snapshot">What <see cref="Snapshot"/> gave.</param>
    public void Restore(float[][] snapshot)
    {
        foreach (var (state, saved) in State.Zip(snapshot)) saved.CopyTo(state, 0);
        Restored();
    }

    /// <summary>Is told that <see cref="State"/> was overwritten.</summary>
    public void Restored() => _isPrepared = false;

    /// <summary>Shortens the gradient of all parameters together where it is too long.</summary>
    /// <param name="largestNorm">Largest Euclidean norm, &gt; 0.</param>
    public void ClipGradients(double largestNorm)
    {
        double squares = 0;
        foreach (var parameter in Parameters)
        {
            double sum = 0;
            foreach (var gradient in parameter.Gradient) sum += (double)gradient * gradient;
            squares += sum;
        }

        var norm = Math.Sqrt(squares);
        if (!(norm > largestNorm)) return;
        var factor = (float)(largestNorm / norm);
        _team.Run(Parameters.Count, (item, _) => TensorPrimitives.Multiply(Parameters[item].Gradient, factor, Parameters[item].Gradient));
    }

    /// <summary>The network with the parameters and running statistics of now, quantizers of methods written out in ONNX's operators.</summary>
    /// <returns>A new network.</returns>
    public Network Export()
    {
        var constants = new Dictionary<string, Tensor>(_network.Constants, StringComparer.Ordinal);
        foreach (var node in _operators) node.Export(constants);
        return Methods.Keep(TrainedNetwork.Write(_network with { Constants = constants }, TrainedLayers()), _masks);
    }

    private void Allocate(int batch)
    {
        _input.Allocate(batch, withGradient: false);
        foreach (var node in _operators)
        {
            node.Allocate(batch);
            node.Output.Allocate(batch, withGradient: true);
        }

        _loss.Allocate(batch);
    }

    /// <summary>Cuts the passes where an operator needs the whole batch; in between, a block goes through all of them while it is in the cache.</summary>
    private Phase[] TrainingPhases()
    {
        var phases = new List<Phase>();
        var steps = new List<Action<SampleBlock>> { ReadInput };
        foreach (var node in _operators)
        {
            if (node.JoinsForward) Cut(node.GatherForward, node.JoinForward);
            steps.Add(node.Forward);
        }

        steps.Add(ComputeLoss);
        foreach (var node in _operators.AsEnumerable().Reverse())
        {
            if (node.JoinsBackward) Cut(node.GatherBackward, node.JoinBackward);
            steps.Add(node.Backward);
        }

        phases.Add(new Phase([.. steps], null));
        return [.. phases];

        void Cut(Action<SampleBlock> gather, Action<int> join)
        {
            phases.Add(new Phase([.. steps, gather], join));
            steps.Clear();
        }
    }

    private void Run(LabeledSamples data, ReadOnlySpan<int> indices, Phase[] phases, bool isTraining)
    {
        (_samples, _count, Pass.IsTraining) = (data.Samples, indices.Length, isTraining);
        indices.CopyTo(_indices);
        for (var i = 0; i < _count * _labelsPerSample; i++) _labels[i] = data.Labels[(indices[i / _labelsPerSample] * _labelsPerSample) + (i % _labelsPerSample)];
        if (!_isPrepared) _team.Run(_operators.Length, _prepare);
        _isPrepared = true;
        foreach (var phase in phases) RunPhase(phase);
    }

    private void RunPhase(Phase phase)
    {
        _phase = phase;
        _team.Run(SampleBlock.CountOf(_count), _runBlock);
        phase.Join?.Invoke(_count);
    }

    private void RunBlock(int index, int worker)
    {
        var block = SampleBlock.Of(index, _count, _scratch[worker], Pass);
        foreach (var step in _phase!.Steps)
        {
            var start = Stopwatch.GetTimestamp();
            step(block);
            Profile?.Add(step.Target as Operator, step.Method.Name, worker, start);
        }
    }

    private void Prepare(Operator node, int worker)
    {
        var start = Stopwatch.GetTimestamp();
        node.Prepare();
        Profile?.Add(node, nameof(Operator.Prepare), worker, start);
    }

    private void RunTile(Operator node, int tile, int worker)
    {
        var start = Stopwatch.GetTimestamp();
        node.FinishGradient(tile, _count, _scratch[worker]);
        Profile?.Add(node, nameof(Operator.FinishGradient), worker, start);
    }

    private void ReadInput(SampleBlock block)
    {
        var stored = block.Scratch.Floats[.._input.Length];
        for (var sample = block.First; sample < block.First + block.Count; sample++)
        {
            _samples!.Read(_indices[sample], stored);
            if (Pass.IsAugmented && !Augmentation.IsNone) Augmentation.Apply(stored, _input.Shape, Pass.Random(RandomStream.Augmentation, sample), block.Scratch.Floats.Slice(_input.Length, _input.Length));
            Transposition.Run(stored, _input.Positions, _input.Channels, _input.Positions, _input.Values(sample, 1), _input.Channels);
        }
    }

    private void ComputeLoss(SampleBlock block) => _loss.Run(block, _labels.AsSpan(0, _count * _labelsPerSample), Pass.IsTraining);

    /// <summary>What is done to each block, and then once.</summary>
    /// <param name="Steps">What is done to a block.</param>
    /// <param name="Join">What is done once, or null.</param>
    private sealed record Phase(Action<SampleBlock>[] Steps, Action<int>? Join);
}
