" .net files: descriptions of neural networks. Made by editors/generate from netc's catalogue.
if exists('b:current_syntax')
  finish
endif
syntax keyword netKind adagrad
syntax keyword netKind adam
syntax keyword netKind adamw
syntax keyword netKind add
syntax keyword netKind adversarial
syntax keyword netKind augment
syntax keyword netKind average
syntax keyword netKind avgpool
syntax keyword netKind balance
syntax keyword netKind batch
syntax keyword netKind batchnorm
syntax keyword netKind bernoulli
syntax keyword netKind block
syntax keyword netKind categorical
syntax keyword netKind clip
syntax keyword netKind concat
syntax keyword netKind constant
syntax keyword netKind conv
syntax keyword netKind conv_transpose
syntax keyword netKind cosine
syntax keyword netKind data
syntax keyword netKind dense
syntax keyword netKind depthwise
syntax keyword netKind dropout
syntax keyword netKind elu
syntax keyword netKind epochs
syntax keyword netKind exponential
syntax keyword netKind filter
syntax keyword netKind flatten
syntax keyword netKind gelu
syntax keyword netKind globalpool
syntax keyword netKind hard_swish
syntax keyword netKind huber
syntax keyword netKind include
syntax keyword netKind input
syntax keyword netKind lambda
syntax keyword netKind laplace
syntax keyword netKind layernorm
syntax keyword netKind leaky_relu
syntax keyword netKind let
syntax keyword netKind limit
syntax keyword netKind maxpool
syntax keyword netKind net
syntax keyword netKind noise
syntax keyword netKind normal
syntax keyword netKind onecycle
syntax keyword netKind optimizer
syntax keyword netKind output
syntax keyword netKind path
syntax keyword netKind patience
syntax keyword netKind plateau
syntax keyword netKind poisson
syntax keyword netKind relu
syntax keyword netKind repeat
syntax keyword netKind reshape
syntax keyword netKind residual
syntax keyword netKind rmsprop
syntax keyword netKind schedule
syntax keyword netKind seed
syntax keyword netKind selu
syntax keyword netKind sgd
syntax keyword netKind shortcut
syntax keyword netKind sigmoid
syntax keyword netKind silu
syntax keyword netKind softplus
syntax keyword netKind squared_error
syntax keyword netKind step
syntax keyword netKind tanh
syntax keyword netKind train
syntax keyword netKind upsample
syntax keyword netKind validate
syntax keyword netWord avg
syntax keyword netWord classes
syntax keyword netWord fgsm
syntax keyword netWord frozen
syntax keyword netWord groups
syntax keyword netWord max
syntax keyword netWord nesterov
syntax keyword netWord pgd
syntax match netKind "λ"
syntax match netKey "\<\h\w*\ze\s*="
syntax match netLabel "\<\h\w*\ze\s*:"
syntax match netNumber "\<\d[0-9.]*\%(e[-+]\=\d\+\)\=\%([x×]\d\+\)*%\="
syntax region netString start=+"+ end=+"+ oneline
syntax match netComment "#.*$"
highlight default link netKind Keyword
highlight default link netWord Constant
highlight default link netKey Identifier
highlight default link netLabel Label
highlight default link netNumber Number
highlight default link netString String
highlight default link netComment Comment
let b:current_syntax = 'net'
