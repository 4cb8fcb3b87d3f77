namespace Harmony.Core.Modules;

/// <summary>A step that lets pass only requests whose sender it can establish, and says who that is.</summary>
public interface IAuthenticationStep : IRequestMiddleware
{
    /// <summary>Whether a request without credentials of its kind goes on to the next step, which must then insist on some.</summary>
    bool IsOptional { get; }
}
