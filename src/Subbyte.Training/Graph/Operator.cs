using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>
/// One node of a network with its gradient. A pass runs operator after operator on each <see cref="SampleBlock"/>; an operator that needs the
/// whole batch gathers from each block, joins once, and then goes on. Blocks may run in any order and at once; what they leave is combined in
/// the order of their index, so that results do not depend on threads.
/// </summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">The map it reads (the first one where there are several).</param>
/// <param name="output">The map it makes.</param>
internal abstract class Operator(string name, FeatureMap input, FeatureMap output)
{
    /// <summary>Name of the node.</summary>
    public string Name { get; } = name;

    /// <summary>The map it reads (the first one where there are several).</summary>
    public FeatureMap Input { get; } = input;

    /// <summary>The map it makes.</summary>
    public FeatureMap Output { get; } = output;

    /// <summary>All maps that it reads.</summary>
    public virtual IEnumerable<FeatureMap> Inputs => [Input];

    /// <summary>What training changes.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>The weights of its dot products; none for most operators.</summary>
    public virtual IReadOnlyList<LayerWeights> Weights => [];

    /// <summary>Floats of scratch that a block or a tile takes.</summary>
    /// <param name="samples">Samples of the largest batch.</param>
    public virtual int ScratchFloats(int samples) => 0;

    /// <summary>Elements of packed scratch that a block or a tile takes.</summary>
    /// <param name="samples">Samples of the largest batch.</param>
    public virtual int ScratchPanels(int samples) => 0;

    /// <summary>Whether a forward pass in training needs <see cref="GatherForward"/> and <see cref="JoinForward"/> first.</summary>
    public virtual bool JoinsForward => false;

    /// <summary>Whether a backward pass needs <see cref="GatherBackward"/> and <see cref="JoinBackward"/> first.</summary>
    public virtual bool JoinsBackward => false;

    /// <summary>Whether the backward pass looks at the output's values, so that nobody may overwrite them.</summary>
    public virtual bool LooksAtOutput => false;

    /// <summary>Independent parts in which the parameters' gradients are finished after a backward pass.</summary>
    public virtual int GradientTiles => 0;

    /// <summary>Decides, in the order of the backward pass, whether gradients of inputs are set or added to.</summary>
    public abstract void ClaimGradients();

    /// <summary>Takes memory for a batch.</summary>
    /// <param name="samples">Samples of the largest batch.</param>
    public virtual void Allocate(int samples)
    {
    }

    /// <summary>Brings parameters into the form that passes need; once before each forward pass.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>First half of a forward pass that needs the whole batch.</summary>
    /// <param name="block">The block.</param>
    public virtual void GatherForward(SampleBlock block)
    {
    }

    /// <summary>Combines what the blocks gathered.</summary>
    /// <param name="samples">Samples of the batch.</param>
    public virtual void JoinForward(int samples)
    {
    }

    /// <summary>Computes the output of a block.</summary>
    /// <param name="block">The block.</param>
    public abstract void Forward(SampleBlock block);

    /// <summary>First half of a backward pass that needs the whole batch.</summary>
    /// <param name="block">The block.</param>
    public virtual void GatherBackward(SampleBlock block)
    {
    }

    /// <summary>Combines what the blocks gathered.</summary>
    /// <param name="samples">Samples of the batch.</param>
    public virtual void JoinBackward(int samples)
    {
    }

    /// <summary>Computes the inputs' gradients of a block, and its share of the parameters' gradients.</summary>
    /// <param name="block">The block.</param>
    public abstract void Backward(SampleBlock block);

    /// <summary>Finishes a part of the parameters' gradients.</summary>
    /// <param name="tile">Which part.</param>
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="scratch">The worker's memory.</param>
    public virtual void FinishGradient(int tile, int samples, Scratch scratch)
    {
    }

    /// <summary>Puts the trained state back into the network's constants.</summary>
    /// <param name="constants">Constants by name, replaced in place.</param>
    public virtual void Export(IDictionary<string, Tensor> constants)
    {
        foreach (var parameter in Parameters.Where(parameter => parameter.IsConstant)) constants[parameter.Name] = parameter.ToTensor();
        foreach (var weights in Weights) constants[weights.Latent.Name] = weights.ToTensor();
    }

    /// <summary>All numbers that a checkpoint keeps: parameters, and state that training moves beside them.</summary>
    public virtual IEnumerable<float[]> State
        => [.. Weights.SelectMany(weights => weights.Numbers), .. Parameters.Except(Weights.SelectMany(weights => weights.Parameters)).Select(parameter => parameter.Values)];

    /// <summary>Forgets what earlier batches left: at the beginning of a text.</summary>
    public virtual void ResetMemory()
    {
    }

    /// <summary>Claims the gradient of an input: whether this operator adds to it.</summary>
    /// <param name="map">The input.</param>
    /// <returns>True when another operator has set it before.</returns>
    protected static bool Claim(FeatureMap map)
    {
        var adds = map.HasGradient;
        map.HasGradient = true;
        return adds;
    }
}
