using System.CommandLine;
using Spectre.Console;
using Subbyte.Experiments;
using Subbyte.Methods;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte methods</c>: what recipes may name.</summary>
internal static class MethodsVerb
{
    private const string Description = """
        Lists the methods that recipes may name, or describes one with its options.

        Examples:
          subbyte methods
          subbyte methods tr
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var name = new Argument<string?>("NAME") { Description = "a method", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("methods", Description) { name };
        common.AddTo(verb);
        verb.SetAction(parsed =>
        {
            var values = common.Read(parsed);
            var methods = parsed.GetValue(name) is { } wanted ? [MethodRegistry.Default.Find(wanted)] : MethodRegistry.Default.Methods;
            if (values.PrintsTable && parsed.GetValue(name) is not null) PrintOne(methods.First());
            else if (values.PrintsTable) PrintAll(methods);
            values.WriteJson(() => Json(methods));
            if (parsed.GetValue(name) is null) values.WriteCsv(methods.Select(method => new { method.Name, method.Summary, capabilities = Capabilities(method), method.Source }));
            else values.WriteCsv(methods.First().Options.Select(option => new { option.Name, values = option.Allowed, option.Unit, option.Default, option.Help }));
            return ExitCodes.Done;
        });
        return verb;
    }

    private static string Capabilities(MethodDescriptor method) => string.Join(", ", new[]
    {
        method.Capability is ILayerMethod ? "layer method" : null,
        method.Capability is IOutputPredictor ? "output predictor" : null,
        method.Capability is INetworkPass ? "network pass" : null,
        method.Capability is ILoweredPass ? "correction pass" : null,
        method.Capability is IRecipeSetting ? "setting" : null,
    }.OfType<string>());

    private static void PrintAll(IEnumerable<MethodDescriptor> methods)
    {
        var table = new Table { Border = TableBorder.Rounded }.AddColumns("method", "what it does", "kind", "source");
        foreach (var method in methods) table.AddRow(Terminal.Plain(method.Name), Terminal.Plain(method.Summary), Capabilities(method), Terminal.Plain(method.Source));
        Terminal.Out.Write(table);
    }

    private static void PrintOne(MethodDescriptor method)
    {
        Terminal.Out.WriteLine($"{method.Name}: {method.Summary}");
        Terminal.Out.WriteLine($"{Capabilities(method)}; {method.Source}");
        var table = new Table { Border = TableBorder.Rounded }.AddColumns("option", "values", "default", "what it does");
        foreach (var option in method.Options) table.AddRow(option.Name, Terminal.Plain($"{option.Allowed}{(option.Unit is null ? "" : " " + option.Unit)}"), Terminal.Plain(option.Default), Terminal.Plain(option.Help));
        if (method.TakesLayers)
        {
            table.AddRow("layers", "globs separated by |", "all", "layers that the step covers");
            table.AddRow("except", "globs separated by |", "none", "layers that it leaves out");
        }

        Terminal.Out.Write(table);
        if (method.Showcase.Count > 0) Terminal.Out.WriteLine($"examples: {string.Join("; ", method.Showcase)}");
    }

    private static string Json(IEnumerable<MethodDescriptor> methods) => DocumentJson.Write(
        new
        {
            schema = "subbyte.methods/1",
            methods = methods.Select(method => new
            {
                name = method.Name,
                summary = method.Summary,
                source = method.Source,
                capabilities = Capabilities(method),
                options = method.Options.Select(option => new { name = option.Name, values = option.Allowed, unit = option.Unit, @default = option.Default, help = option.Help }),
                examples = method.Showcase,
            }),
        });
}
