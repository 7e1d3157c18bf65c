using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Onnx;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification;

/// <summary>One case in the layout of ONNX's backend tests: <c>model.onnx</c> beside folders <c>test_data_set_N</c> with <c>input_N.pb</c> and <c>output_N.pb</c>.</summary>
public static class OperatorCase
{
    private const string ModelFile = "model.onnx";

    /// <summary>Finds the cases below a folder, in order of their paths.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Folders that hold a model.</returns>
    /// <exception cref="UserErrorException">There is no such folder, or no case in it.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        if (!Directory.Exists(folder)) throw new UserErrorException($"{folder}: there is no such folder");
        string[] cases = [.. Directory.EnumerateFiles(folder, ModelFile, SearchOption.AllDirectories).Select(path => Path.GetDirectoryName(path)!).Order(StringComparer.Ordinal)];
        return cases.Length > 0 ? cases : throw new UserErrorException($"{folder}: holds no case; a case is a folder with {ModelFile} and test_data_set_0/input_0.pb, output_0.pb");
    }

    /// <summary>Runs a case on all of its data sets.</summary>
    /// <param name="folder">Folder of the case.</param>
    /// <returns>The result.</returns>
    public static CaseResult Run(string folder)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        try
        {
            var network = OnnxNetwork.Load(Path.Combine(folder, ModelFile));
            string[] sets = [.. Directory.EnumerateDirectories(folder, "test_data_set_*").Order(StringComparer.Ordinal)];
            if (sets.Length == 0) return new CaseResult(name, CaseStatus.Failed, "has no test_data_set_* folder", null);
            double largest = 0;
            foreach (var set in sets)
            {
                var comparison = RunSet(network, set);
                largest = Math.Max(largest, comparison.MaxError);
                if (comparison.Difference is { } difference) return new CaseResult(name, CaseStatus.Failed, $"{Path.GetFileName(set)}: {difference}", largest);
            }

            return new CaseResult(name, CaseStatus.Passed, null, largest);
        }
        catch (UserErrorException error)
        {
            // A failure underneath (a damaged file, one that cannot be read) is no question of support.
            return new CaseResult(name, error.InnerException is null ? CaseStatus.Unsupported : CaseStatus.Failed, error.Message, null);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Whatever goes wrong inside one case is that case's failure, not the end of the run.
            return new CaseResult(name, CaseStatus.Failed, $"{failure.GetType().Name}: {failure.Message}", null);
        }
    }

    private static TensorComparison RunSet(Network network, string set)
    {
        var inputs = Files(set, "input").Select(OnnxTensor.Load).ToArray();
        var expected = Files(set, "output").Select(OnnxTensor.Load).ToArray();
        if (inputs.Length != network.Inputs.Count) return new TensorComparison($"holds {inputs.Length} inputs where the model takes {network.Inputs.Count}", 0);
        if (expected.Length == 0 || expected.Length > network.Outputs.Count) return new TensorComparison($"holds {expected.Length} outputs where the model gives {network.Outputs.Count}", 0);
        var bound = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (var i = 0; i < inputs.Length; i++) bound[network.Inputs[i].Name] = inputs[i].Tensor;
        var results = Execute(network, bound);
        double largest = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            var comparison = TensorComparison.Of(results[i], expected[i].Tensor);
            largest = Math.Max(largest, comparison.MaxError);
            if (comparison.Difference is { } difference) return new TensorComparison($"output '{network.Outputs[i].Name}' {difference}", largest);
        }

        return new TensorComparison(null, largest);
    }

    /// <summary>Runs a network as it would be deployed, and where inputs decide shapes, with those inputs known beforehand.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">All of its inputs by name.</param>
    /// <returns>Its outputs.</returns>
    /// <exception cref="UserErrorException">The network cannot be executed.</exception>
    internal static Tensor[] Execute(Network network, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var shapes = inputs.ToDictionary(input => input.Key, input => input.Value.Dimensions.ToArray(), StringComparer.Ordinal);
        ExecutionPlan plan;
        try
        {
            plan = ExecutionPlan.Compile(network, new ExecutionOptions { Shapes = shapes });
        }
        catch (UserErrorException)
        {
            plan = ExecutionPlan.Compile(network, new ExecutionOptions { Bindings = inputs });
            return [.. new ExecutionFrame(plan).Results];
        }

        var frame = new ExecutionFrame(plan);
        for (var i = 0; i < network.Inputs.Count; i++)
        {
            var (given, input) = (inputs[network.Inputs[i].Name], frame.Inputs[i]);
            if (given.ElementType != input.ElementType) throw new UserErrorException($"input '{network.Inputs[i].Name}' is {given.ElementType} in the test data and {input.ElementType} in the model");
            given.Bytes.CopyTo(input.Bytes);
        }

        frame.Run();
        return [.. frame.Results];
    }

    private static IEnumerable<string> Files(string set, string kind)
    {
        for (var i = 0; File.Exists(Path.Combine(set, $"{kind}_{i}.pb")); i++) yield return Path.Combine(set, $"{kind}_{i}.pb");
    }
}
