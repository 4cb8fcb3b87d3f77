using Harmony.Core.Configuration;

namespace Harmony.Core.Modules;

/// <summary>What a type is given to build a middleware.</summary>
public sealed class MiddlewareContext : ModuleContext
{
    /// <summary>The authentication it refers to, or null.</summary>
    public AuthenticationSection? Authentication { get; init; }

    /// <summary>Why the middleware cannot serve: something it needs is not there. Null when nothing is missing.</summary>
    public string? Closed { get; private set; }

    /// <summary>The same for reading files again while the middleware serves: what is wrong with them is nobody's problem.</summary>
    public MiddlewareContext Again() => new()
    {
        Name = Name, Location = Location, File = File, Problems = new ConfigProblems(), Environment = Environment, Authentication = Authentication,
    };

    /// <summary>
    /// Says that something the middleware needs is not there, such as a file. Its factory returns null; pipelines that use it answer 503, and the
    /// rest of the configuration runs.
    /// </summary>
    /// <param name="location">Where it is named.</param>
    /// <param name="reason">What is missing: <c>cannot read 'key.pem': no such file</c>.</param>
    public void Close(SourceLocation location, string reason)
    {
        Closed ??= reason;
        Problems.Gap(location, $"{reason}; pipelines that use '{Name}' answer 503");
    }
}
