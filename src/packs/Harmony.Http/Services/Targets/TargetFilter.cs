namespace Harmony.Http.Services.Targets;

/// <summary>Which targets a picker may choose from.</summary>
/// <param name="Except">One that has just failed the request, or null.</param>
/// <param name="OnlyWell">Whether ill ones are out.</param>
internal readonly record struct TargetFilter(Target? Except, bool OnlyWell)
{
    public bool Admits(Target target) => target != Except && !target.Health.IsDrained && (!OnlyWell || target.Health.IsWell);
}
