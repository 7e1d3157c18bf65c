namespace Subbyte.Runtime;

/// <summary>
/// Lets products hand codes over to the products behind them, through elementwise steps and maxima, so that no map of floats is written and read. What is
/// computed stays the same to the bit; where something else reads a map, its floats are kept beside the codes.
/// </summary>
internal sealed class CodeFusion
{
    private readonly PackedNetwork _network;
    private readonly PackedStep[] _steps;
    private readonly List<(int Step, int Input)>[] _readers;
    private readonly List<int> _maps = [];
    private readonly Dictionary<int, (int Map, int Channels)> _sources = [];
    private readonly Dictionary<int, (bool KeepsFloats, List<CodeOutput> Outputs)> _makers = [];
    private readonly Dictionary<int, List<PackedStep>> _pools = [];
    private readonly HashSet<int> _taken = [];
    private readonly HashSet<int> _results;

    private CodeFusion(PackedNetwork network, PackedStep[] steps)
    {
        (_network, _steps) = (network, steps);
        _results = [network.Output, .. network.States.Select(state => state.After)];
        _readers = new List<(int Step, int Input)>[network.Values.Count];
        for (var value = 0; value < _readers.Length; value++) _readers[value] = [];
        for (var i = 0; i < steps.Length; i++)
        {
            for (var input = 0; input < steps[i].Inputs.Count; input++) _readers[steps[i].Inputs[input]].Add((i, input));
        }
    }

    /// <summary>Applies the rule.</summary>
    /// <param name="network">The network.</param>
    /// <param name="steps">The steps of a run.</param>
    /// <returns>The steps that a session executes, and the bytes of each map of codes.</returns>
    public static (PackedStep[] Steps, IReadOnlyList<int> Maps) Apply(PackedNetwork network, PackedStep[] steps)
    {
        var fusion = new CodeFusion(network, steps);
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].TileChannels > 0) fusion.Fuse(i);
        }

        return ([.. Enumerable.Range(0, steps.Length).SelectMany(fusion.Fused)], fusion._maps);
    }

    private IEnumerable<PackedStep> Fused(int i)
    {
        if (_taken.Contains(i)) return _pools.TryGetValue(i, out var pools) ? pools : [];
        var step = _sources.TryGetValue(i, out var source) ? _steps[i].FromCodes(source.Map, source.Channels) : _steps[i];
        return [_makers.TryGetValue(i, out var maker) ? new CodingStep(step, maker.KeepsFloats, maker.Outputs) : step];
    }

    private void Fuse(int maker)
    {
        var product = new CodeMaker(_steps[maker], _network.Values[_steps[maker].Output].Length);
        var branches = new List<CodeBranch>();
        var keepsFloats = _results.Contains(product.Step.Output);
        foreach (var (reader, input) in _readers[product.Step.Output])
        {
            if (input == 0 && Follow(reader, product, CodeBranch.Start) is { } found) branches.AddRange(found);
            else keepsFloats = true;
        }

        var outputs = new List<CodeOutput>();
        while (branches.Count > 0)
        {
            var (first, form) = (branches[0], FormOf(branches[0], product));
            var same = branches.Where(branch => branch.IsAs(first) && FormOf(branch, product).Equals(form)).ToArray();
            branches.RemoveAll(same.Contains);
            outputs.Add(Make(product, first, form, same));
        }

        if (outputs.Count > 0) _makers[maker] = (keepsFloats, outputs);
    }

    private CodeOutput Make(CodeMaker product, CodeBranch branch, CodeForm form, CodeBranch[] same)
    {
        var flips = branch.Pool < 0 ? null : product.Flips(branch, form);
        var output = new CodeOutput(AddMap(form.Bytes(product.Length)), form, branch.Steps, flips) { Thresholds = product.Thresholds(branch.Steps, form) };
        var map = output.Map;
        if (flips is not null)
        {
            var pool = (PoolStep)_steps[branch.Pool];
            map = AddMap(form.Bytes(pool.Geometry.Positions * pool.Geometry.InChannels));
            if (!_pools.TryGetValue(branch.Pool, out var pools)) _pools[branch.Pool] = pools = [];
            pools.Add(new CodePoolStep(pool.Name, output.Map, map, pool.Geometry, form, flips));
        }

        foreach (var each in same)
        {
            _sources[each.Consumer] = (map, product.Channels);
            _taken.UnionWith(each.Taken);
        }

        return output;
    }

    private int AddMap(long bytes)
    {
        _maps.Add((int)bytes);
        return _network.Values.Count + _maps.Count - 1;
    }

    private CodeForm FormOf(CodeBranch branch, CodeMaker product) => _steps[branch.Consumer].Form(product.Channels)!;

    /// <summary>All ways on from a step, or null where one ends at a step that takes no codes.</summary>
    private List<CodeBranch>? Follow(int reader, CodeMaker product, CodeBranch branch)
    {
        var step = _steps[reader];
        if (step.Form(product.Channels) is { } form)
        {
            var end = branch with { Consumer = reader };
            return form.Bytes(product.Length) <= int.MaxValue && (end.Pool < 0 || product.Flips(end, form) is not null) ? [end] : null;
        }

        int[] taken = [.. branch.Taken, reader];
        return step switch
        {
            CopyStep => Follow(step.Output, reader, product, branch with { Taken = taken }),
            ITileStep next when next.Other(step.Inputs[0]) < 0 && (next.Channels == 0 || next.Channels == product.Channels)
                => Follow(step.Output, reader, product, branch with { Steps = [.. branch.Steps, next], Taken = taken }),
            PoolStep pool when pool.IsMaximum && branch.Pool < 0 && pool.Geometry.InChannels == product.Channels && CodeMaker.HasPixels(pool.Geometry)
                => Follow(step.Output, reader, product, branch with { Pool = reader, Pooled = branch.Steps.Count, Taken = taken }),
            _ => null,
        };
    }

    private List<CodeBranch>? Follow(int value, int maker, CodeMaker product, CodeBranch branch)
    {
        if (_results.Contains(value) || _steps[maker].Inputs.Count != 1) return null;
        var found = new List<CodeBranch>();
        foreach (var (reader, input) in _readers[value])
        {
            if (input != 0 || Follow(reader, product, branch) is not { } ways) return null;
            found.AddRange(ways);
        }

        return found.Count > 0 ? found : null;
    }
}
