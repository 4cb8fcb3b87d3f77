using System.CommandLine;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony transform</c>: applies a JOLT spec to a document, to try it out before a middleware applies it to bodies.</summary>
internal static class TransformCommand
{
    public static Command Create()
    {
        var spec = new Argument<string>("SPEC") { Description = "File of the JOLT spec." };
        var input = new Argument<string?>("INPUT")
        {
            Description = "File of the JSON document; standard input when absent or '-'.", Arity = ArgumentArity.ZeroOrOne,
        };
        var context = new Option<string?>("--context")
        {
            Description = "File of the context document, which '^' in a modify operation refers to.", HelpName = "FILE"
        };
        var envelope = new Option<bool>("--envelope")
        {
            Description = "Use {\"data\": document, \"context\": context document} as the input, like the middleware."
        };
        var trace = new Option<bool>("--trace") { Description = "Print the document after each operation; the last document is the result." };
        var diff = new Option<bool>("--diff") { Description = "Print what each operation changed instead of the whole document." };
        var command = new Command("transform", "Apply a JOLT spec to a JSON document and print the result.") { spec, input, context, envelope, trace, diff };
        command.SetAction((result, ct) =>
        {
            var run = new TransformRun(result.InvocationConfiguration, result.GetValue(envelope), result.GetValue(trace)
                || result.GetValue(diff), result.GetValue(diff));
            return run.RunAsync(result.GetValue(spec)!, result.GetValue(input), result.GetValue(context), ct);
        });
        return command;
    }
}
