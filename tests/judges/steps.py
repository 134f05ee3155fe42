"""Steps of training as PyTorch takes them, where netc has the same settings: its optimizers, clipping and averaging; λ, proximal l1 and
max_norm as netc's language describes them, which PyTorch has not."""
import math

import torch


def rate_at(training, step, per_epoch, epochs):
    """The rate of step `step`, from 0."""
    schedule, top = training["schedule"], training["optimizer"]["settings"]["rate"]
    settings = schedule["settings"]
    warmup, total = settings.get("warmup", 0) * per_epoch, per_epoch * epochs
    if step < warmup:
        return top * (step + 1) / warmup
    if schedule["kind"] == "step":
        return top * settings["factor"] ** (step // per_epoch // settings["every"])
    if schedule["kind"] == "exponential":
        return top * settings["factor"] ** (step // per_epoch)
    if schedule["kind"] == "cosine":
        return top * (1 + math.cos(math.pi * (step - warmup) / (total - warmup))) / 2
    if schedule["kind"] == "onecycle":
        scheduler = torch.optim.lr_scheduler.OneCycleLR(
            torch.optim.SGD([torch.zeros(1)], lr=1), top, total_steps=total, pct_start=settings["start"],
            div_factor=settings["div"], final_div_factor=settings["final_div"], cycle_momentum=False)
        for _ in range(step):
            scheduler.optimizer.step()
            scheduler.step()
        return scheduler.get_last_lr()[0]
    return top


def make_optimizer(training, parameters):
    kind, settings = training["optimizer"]["kind"], training["optimizer"]["settings"]
    if kind == "sgd":
        return torch.optim.SGD(parameters, lr=1, momentum=settings["momentum"],
                               nesterov=settings["nesterov"] and settings["momentum"] > 0)
    if kind in ("adam", "adamw"):
        betas = (settings["beta1"], settings["beta2"])
        if kind == "adam":
            return torch.optim.Adam(parameters, lr=1, betas=betas, eps=settings["eps"])
        return torch.optim.AdamW(parameters, lr=1, betas=betas, eps=settings["eps"], weight_decay=settings["decay"])
    if kind == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=1, alpha=settings["alpha"], eps=settings["eps"])
    return torch.optim.Adagrad(parameters, lr=1, eps=settings["eps"])


class Steps:
    def __init__(self, description, parameters):
        self.training = description["train"]
        self.told = {told["name"]: told for layer in description["layers"] for told in layer["parameters"]}
        self.norms = {layer["name"] + ".weight": layer["max_norm"] for layer in description["layers"] if layer["max_norm"]}
        self.all = parameters
        self.learned = {name: parameters[name] for name, told in self.told.items() if told["learned"]}
        self.optimizer = make_optimizer(self.training, list(self.learned.values()))
        self.average, self.averaged, self.step = None, 0, 0
        self.best, self.lowest = None, math.inf
        if self.training["ema"] is not None:
            self.average = {name: tensor.detach().clone() for name, tensor in parameters.items()}

    def own_rate(self, tensor, rate):
        """The rate of each weight's step, which the proximal step of l1 takes."""
        kind, settings = self.training["optimizer"]["kind"], self.training["optimizer"]["settings"]
        state = self.optimizer.state[tensor]
        if kind in ("adam", "adamw"):
            return rate / ((state["exp_avg_sq"] / (1 - settings["beta2"] ** (self.step + 1))).sqrt() + settings["eps"])
        if kind == "rmsprop":
            return rate / (state["square_avg"].sqrt() + settings["eps"])
        if kind == "adagrad":
            return rate / (state["sum"].sqrt() + settings["eps"])
        return torch.full_like(tensor, rate)

    def take(self, rate):
        tensors = list(self.learned.values())
        if self.training["clip_norm"] is not None:
            torch.nn.utils.clip_grad_norm_(tensors, self.training["clip_norm"])
        if self.training["clip_value"] is not None:
            torch.nn.utils.clip_grad_value_(tensors, self.training["clip_value"])
        before = {}
        with torch.no_grad():
            for name, tensor in self.learned.items():
                tensor.grad += 2 * self.told[name]["l2"] * tensor
                before[name] = tensor.clone()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        with torch.no_grad():
            for name, tensor in self.learned.items():
                self.shrink(name, tensor, before[name], rate)
                if name in self.norms:
                    sizes = tensor.flatten(1).norm(dim=1)
                    scale = torch.where(sizes > self.norms[name], self.norms[name] / sizes, torch.ones_like(sizes))
                    tensor.mul_(scale.reshape(-1, *[1] * (tensor.dim() - 1)))
            if self.training["ema"] is not None:
                share = 1 if self.step == 0 else 1 - self.training["ema"]
                for name, tensor in self.all.items():
                    self.average[name] += share * (tensor - self.average[name])
        self.step += 1

    def shrink(self, name, tensor, before, rate):
        l1 = self.told[name]["l1"]
        if not l1:
            return
        tensor.copy_(tensor.sign() * (tensor.abs() - self.own_rate(tensor, rate) * l1).clamp(min=0))
        state = self.optimizer.state[tensor]
        if state.get("momentum_buffer") is not None and self.training["optimizer"]["settings"]["momentum"] and rate > 0:
            state["momentum_buffer"].copy_((before - tensor) / rate)

    def end_epoch(self, epoch, epochs):
        """Weights at the end of each late epoch, averaged."""
        if self.training["swa"] is None or not epoch > self.training["swa"] * epochs:
            return
        self.averaged += 1
        now = {name: tensor.detach().clone() for name, tensor in self.all.items()}
        self.average = now if self.average is None else {
            name: tensor + (now[name] - tensor) / self.averaged for name, tensor in self.average.items()}

    def kept(self):
        return self.all if self.average is None else self.average
